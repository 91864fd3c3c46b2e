# frozen_string_literal: true

# What a test does by hand: no application can do any of it.

# Lets time pass.
class ClockController < ActionController::API
  def create
    seconds = params.require(:seconds).to_i
    [Doorkeeper::AccessToken, Doorkeeper::AccessGrant].each do |model|
      model.update_all(['created_at = strftime(?, created_at, ?)', '%Y-%m-%d %H:%M:%f', "-#{seconds} seconds"])
    end
    head :no_content
  end
end

# Registers applications anew, as if the server had just been started: nothing is left of what people granted before.
class ApplicationsController < ActionController::API
  def replace
    [Doorkeeper::AccessToken, Doorkeeper::AccessGrant, Doorkeeper::Application].each(&:delete_all)
    Site.config.shared.oauth = true
    params.require(:applications).each { |application| Doorkeeper::Application.create!(application.permit!.to_h) }
    head :no_content
  end
end

# Opens the OAuth endpoints to the pages of other origins, or closes them.
class CorsController < ActionController::API
  def update
    Site.config.shared.oauth = params.require(:oauth) == 'shared'
    head :no_content
  end
end

class TokensController < ActionController::API
  # The tokens that were given out last, whoever to.
  def last
    token = Doorkeeper::AccessToken.order(:id).last!
    render json: { access_token: token.token, refresh_token: token.refresh_token }
  end

  # Gives out a token without any grant: of an application, or else like one that its owner has made in the settings.
  def create
    token = Doorkeeper::AccessToken.create!(
      resource_owner_id: User.find_by!(username: params.require(:username)).id,
      application: params[:client_id] && Doorkeeper::Application.find_by!(uid: params[:client_id]),
      scopes: params.require(:scope),
      expires_in: params[:client_id] && 7200
    )
    token.update_columns(token: "glpat-#{token.token.first(20)}") unless params[:client_id]
    render json: { access_token: token.token }
  end
end
