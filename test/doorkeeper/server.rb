# frozen_string_literal: true

# Doorkeeper, the OAuth engine of GitLab, set up as GitLab sets it up, with people, applications and a small API.
# It gets its settings as JSON in FORGEPASS_SETTINGS, prints its address, and ends when its standard input does.

require 'json'
require 'openssl'
require 'tmpdir'

# Removed here and not by the starter, so that it goes also when the starter was killed.
FOLDER = Dir.mktmpdir('forgepass-doorkeeper-')
at_exit { FileUtils.rm_rf(FOLDER) }
SETTINGS = JSON.parse(ENV.fetch('FORGEPASS_SETTINGS'))
# The GitLab of its first OAuth page: with the implicit grant, passwords of people without a second factor, and no PKCE.
DOCUMENTED = SETTINGS['profile'] == 'documented'
ENV['RAILS_ENV'] = 'production'
ENV['DATABASE_URL'] = "sqlite3:#{FOLDER}/doorkeeper.sqlite3?timeout=5000"

require 'active_support/all'
require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'doorkeeper'
require 'doorkeeper/openid_connect'
require 'rack/cors'
require 'puma'

class Site < Rails::Application
  config.root = FOLDER
  config.secret_key_base = SecureRandom.hex(64)
  config.eager_load = false
  config.consider_all_requests_local = false
  config.logger = ActiveSupport::Logger.new($stderr)
  config.log_level = :error
  config.session_store :cookie_store, key: '_gitlab_session'

  # The same origins, methods and headers that GitLab lets in; it stands before everything else there too. While it had the
  # implicit grant it shared the API alone, unless its admin had put a proxy before it that shares the rest: a switch here.
  config.shared = Struct.new(:oauth).new(true)
  config.middleware.insert_before 0, Rack::Cors do
    asked = %w[Authorization X-CSRF-Token X-Requested-With]
    paging = %w[Link X-Total X-Total-Pages X-Per-Page X-Page X-Next-Page X-Prev-Page ETag]
    rules = [
      ['/oauth/token', { headers: asked, methods: %i[post options] }],
      ['/oauth/revoke', { headers: asked, methods: %i[post options] }],
      ['/oauth/token/info', { headers: %w[Authorization], methods: %i[get head options] }],
      ['/oauth/userinfo', { headers: %w[Authorization], methods: %i[get head post options] }],
      ['/api/*', { headers: :any, methods: :any, expose: paging }]
    ]
    rules.each do |path, rule|
      allow do
        origins '*'
        resource path, **rule, credentials: false, if: ->(_) { path == '/api/*' || Site.config.shared.oauth }
      end
    end
  end
end

Doorkeeper.configure do
  orm :active_record
  default_generator_method :hex
  access_token_expires_in SETTINGS.fetch('expires_in', 7200)
  use_refresh_token
  force_ssl_in_redirect_uri false
  handle_auth_errors :render
  enforce_configured_scopes
  default_scopes :api
  optional_scopes :read_user, :read_api, :openid, :profile, :email
  grant_flows DOCUMENTED ? %w[authorization_code implicit password] : %w[authorization_code]
  skip_client_authentication_for_password_grant DOCUMENTED
  resource_owner_from_credentials do
    user = User.find_by(username: params[:username], password: params[:password])
    user unless user&.two_factor
  end
  skip_authorization { |_, client| client.application.trusted? }
  resource_owner_authenticator do
    user = User.find_by(id: session[:user_id])
    unless user
      session[:user_return_to] = request.fullpath
      redirect_to('/users/sign_in')
    end
    user
  end
end

SALT = SecureRandom.hex

Doorkeeper::OpenidConnect.configure do
  issuer { |_, _| 'http://127.0.0.1' }
  signing_key OpenSSL::PKey::RSA.new(2048).to_pem
  signing_algorithm :rs256
  resource_owner_from_access_token { |token| User.find(token.resource_owner_id) }
  auth_time_from_resource_owner { |_| Time.now }
  subject { |user| user.id.to_s }
  claims do
    with_options scope: :openid do |openid|
      openid.claim(:sub_legacy, response: %i[id_token user_info]) { |user| Digest::SHA256.hexdigest("#{user.id}-#{SALT}") }
      openid.claim(:name) { |user| user.name }
      openid.claim(:nickname) { |user| user.username }
      openid.claim(:preferred_username) { |user| user.username }
      openid.claim(:email, response: %i[id_token user_info]) { |user, scopes| user.email if scopes.exists?(:email) }
      openid.claim(:email_verified, response: %i[id_token user_info]) { |_, scopes| true if scopes.exists?(:email) }
      openid.claim(:profile) { |user| "http://127.0.0.1/#{user.username}" }
      openid.claim(:picture) { |_| 'http://127.0.0.1/avatar.svg' }
      openid.claim(:groups) { |_| [] }
    end
  end
end

%w[400 404 422 500].each do |status|
  FileUtils.mkdir_p("#{FOLDER}/public")
  File.write("#{FOLDER}/public/#{status}.html", "<!doctype html>\n<title>#{status}</title>\n<h1>#{status}</h1>\n")
end

Site.initialize!
require_relative 'controllers'
require_relative 'by_hand'

Site.routes.draw do
  use_doorkeeper { skip_controllers :applications, :authorized_applications }
  use_doorkeeper_openid_connect
  get '/users/sign_in', to: 'sessions#new'
  post '/users/sign_in', to: 'sessions#create'
  get '/api/v4/user', to: 'api#user'
  get '/api/v4/projects', to: 'api#projects'
  post '/test/clock', to: 'clock#create'
  post '/test/applications', to: 'applications#replace'
  get '/test/tokens', to: 'tokens#last'
  post '/test/cors', to: 'cors#update'
  post '/test/tokens', to: 'tokens#create'
end

require_relative 'schema'
SETTINGS.fetch('users').each { |user| User.create!(user) }
SETTINGS.fetch('applications').each { |application| Doorkeeper::Application.create!(application) }

server = Puma::Server.new(Site, Puma::Events.strings, min_threads: 1, max_threads: 8)
server.add_tcp_listener('127.0.0.1', 0)
server.run
$stdout.puts "http://127.0.0.1:#{server.connected_ports.first}"
$stdout.flush

# Whoever started this holds the other end of the standard input, also when it is killed.
$stdin.read
server.stop(true)
