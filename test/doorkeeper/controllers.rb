# frozen_string_literal: true

class User < ActiveRecord::Base
end

# Signs people in to the server itself, by the form and the names of GitLab's.
class SessionsController < ActionController::Base
  protect_from_forgery with: :exception

  PAGE = <<~HTML
    <!doctype html>
    <title>Sign in</title>
    <h1>Sign in</h1>
    <%= form_tag '/users/sign_in' do %>
      <label>Username <%= text_field_tag 'user[login]' %></label>
      <label>Password <%= password_field_tag 'user[password]' %></label>
      <button>Sign in</button>
    <% end %>
  HTML

  def new
    render inline: PAGE
  end

  def create
    login, password = params.require(:user).values_at(:login, :password)
    user = User.find_by(username: login, password: password)
    return render inline: PAGE unless user

    return_to = session[:user_return_to] || '/users/sign_in'
    reset_session
    session[:user_id] = user.id
    redirect_to return_to
  end
end

# The two resources that applications read first.
class ApiController < ActionController::API
  before_action(only: :user) { doorkeeper_authorize! :api, :read_user, :read_api }
  before_action(only: :projects) { doorkeeper_authorize! :api, :read_api }

  def user
    render json: owner.slice(:id, :username, :name, :email).merge(avatar_url: nil, web_url: "#{root}/#{owner.username}")
  end

  def projects
    render json: [{ id: 1, name: 'Lantern', path_with_namespace: "#{owner.username}/lantern" }]
  end

  private

  # Ours, not Doorkeeper's: GitLab's own header, which takes what a person has made by hand and no token of an application.
  # Such a token is a Doorkeeper token here that belongs to no application, so it may also stand where those do, as in GitLab.
  def doorkeeper_token
    personal = request.headers['PRIVATE-TOKEN']
    return super if personal.blank?

    @doorkeeper_token ||= Doorkeeper::AccessToken.find_by(token: personal, application_id: nil)
  end

  def owner
    @owner ||= User.find(doorkeeper_token.resource_owner_id)
  end

  def root
    request.base_url
  end
end
