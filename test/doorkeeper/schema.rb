# frozen_string_literal: true

# Nothing here outlives the server, so that no write has to wait for the disk.
ActiveRecord::Base.connection.execute('PRAGMA journal_mode = WAL')
ActiveRecord::Migration.verbose = false
ActiveRecord::Schema.define do
  create_table :users do |t|
    t.string :username
    t.string :password
    t.string :name
    t.string :email
    t.boolean :two_factor, null: false, default: false
  end
  create_table :oauth_applications do |t|
    t.string :name, :uid, :secret, null: false
    t.text :redirect_uri, null: false
    t.string :scopes, null: false, default: ''
    t.boolean :confidential, null: false, default: true
    t.boolean :trusted, null: false, default: false
    t.timestamps null: false
  end
  create_table :oauth_access_grants do |t|
    t.references :resource_owner, :application, null: false
    t.string :token, null: false
    t.integer :expires_in, null: false
    t.text :redirect_uri, null: false
    t.datetime :created_at, null: false
    t.datetime :revoked_at
    t.string :scopes, null: false, default: ''
    # Doorkeeper knows by these columns whether it has PKCE.
    t.string :code_challenge, :code_challenge_method unless DOCUMENTED
  end
  # Without the column previous_refresh_token, as in GitLab: a refresh ends the old pair at once.
  create_table :oauth_access_tokens do |t|
    t.references :resource_owner, :application
    t.string :token, null: false
    t.string :refresh_token
    t.integer :expires_in
    t.datetime :revoked_at
    t.datetime :created_at, null: false
    t.string :scopes
  end
  create_table :oauth_openid_requests do |t|
    t.references :access_grant, null: false
    t.string :nonce, null: false
  end
end
