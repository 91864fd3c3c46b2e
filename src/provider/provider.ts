/** Who may use a grant: `public` clients have no secret, `confidential` ones must send it (RFC 6749 section 2.1). */
export type ClientType = 'public' | 'confidential'

/** The grants an authorization server has, each with the kind of client it demands. An absent grant does not exist there. */
export interface Grants {
  readonly code?: ClientType
  readonly refresh?: ClientType
  /** The token comes back in the address itself (RFC 6749 section 4.2); RFC 10017 forbids it to new apps. */
  readonly implicit?: ClientType
  /** The app asks for the person's password (RFC 6749 section 4.3); RFC 10017 forbids it to new apps. */
  readonly password?: ClientType
  /** Takes tokens that people make by hand in their settings. */
  readonly personal_token?: 'public'
}

/** Who signed in, in one shape for every forge. `id` is stable; all else may change. */
export interface Account {
  readonly id: string
  readonly username: string
  readonly name?: string
  readonly email?: string
  readonly avatar_url?: string
  readonly profile_url?: string
}

/** Where the account is read with the access token, and how the answer becomes an {@link Account}. */
export interface AccountEndpoint {
  /** Absolute, or relative to `api_base`; absent where the claims of an ID token are all there is. */
  readonly url?: string
  /** Picks what the account is made of; what is no text or number, and addresses that are neither http(s) nor an image, are left out. */
  readonly read: (body: Readonly<Record<string, unknown>>) => { readonly [K in keyof Account]: unknown }
}

/** The part of an authorization server's metadata that forgepass acts on, spelled as RFC 8414 section 2 does. */
export interface Metadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly revocation_endpoint?: string | undefined
  readonly userinfo_endpoint?: string
  readonly code_challenge_methods_supported?: readonly string[]
  readonly authorization_response_iss_parameter_supported?: boolean
  readonly require_pushed_authorization_requests?: boolean
  /** What it signs ID tokens with. Default: RS256 (OpenID Connect Core section 2). */
  readonly id_token_signing_alg_values_supported?: readonly string[]
}

/** In what a server differs from the specifications, each in a word; a standard server declares none. */
export interface Deviations {
  /** It documents no PKCE: the state bound to the browser and the secret stand in for it, so it is for the BFF only. */
  readonly pkce?: 'none'
  /** It takes no `redirect_uri` in the authorization request: people come back where the application was registered. */
  readonly authorization_redirect_uri?: 'none'
  /** It takes no `redirect_uri` in the token request. */
  readonly token_redirect_uri?: 'none'
  /** It takes the parameters of a token request in the address; a secret stays in the body. */
  readonly token_request?: 'query'
  /** It takes a refresh token alone, without the client's name or secret. */
  readonly refresh_authentication?: 'none'
  /** What it leaves out of a token response. */
  readonly token_type_missing?: 'bearer'
  /** How it may write a token response beside JSON: form-encoded, or as JSON that is labelled `text/plain`. */
  readonly token_response?: 'form' | 'text'
  /** What it puts between scopes in a token response, in place of a space. */
  readonly scope_separator?: ','
  /** It leaves `iss` out of the errors that it sends people back with, though not out of what it grants (RFC 9207 section 2). */
  readonly error_iss?: 'none'
  /** It sends no ID token, or none that can be checked: a scope `openid` asks for none. */
  readonly id_token?: 'none'
  /** In ID tokens its issuer may end in a slash. */
  readonly id_token_iss?: 'slash'
  /** It refuses an authorization request without a scope. */
  readonly scope_required?: true
  /** Its Cancel leads to the bare `redirect_uri`, with no parameter at all; the BFF knows it by its cookie. */
  readonly bare_cancel?: true
  /** Without a `redirect_uri` at both steps it shows the code on a page of its own, for the person to copy. */
  readonly manual_redirect_uri?: 'none'
  /** Errors, beside `invalid_client`, that may mean a wrong secret, by the grant they answer. */
  readonly bad_client?: { readonly code?: readonly string[]; readonly refresh?: readonly string[] }
  /** Errors of a refresh, beside `invalid_grant`, that mean a dead refresh token. */
  readonly refresh_ends_on?: readonly string[]
  /** What a second use of a refresh token does: it works, it fails, or it ends all tokens of the sign-in (RFC 9700 section 4.14.2). Default: `fails`. */
  readonly refresh_reuse?: 'tolerated' | 'fails' | 'revokes'
  /** Its API has paths with an encoded slash, such as `projects/group%2Fname`. */
  readonly encoded_slash?: true
}

/** Whether pages of other origins may read an answer: of any server of the kind, where its admin allows it, or never. */
export type Sharing = 'always' | 'configured' | 'never'

/** What its application form asks for, beside a name and the `redirect_uri`. */
export interface Registration {
  /** The address is fixed there: sign-ins name none. */
  readonly redirect_uri?: 'fixed'
  /** Only scopes that are ticked there can be asked for. */
  readonly scopes?: 'ticked'
  /** Whether the application has to have a secret is chosen there. */
  readonly client_type?: 'chosen'
}

/** Pages for people, absolute. */
export interface Pages {
  /** Where an application is registered. */
  readonly application?: string
  /** Where a personal access token is made. */
  readonly personal_token?: string
  /** Where a person takes back what an application was granted. */
  readonly revocation?: string
}

/** A header that an API takes a token in, and what stands before the token. */
export type TokenHeader = 'Authorization: Bearer' | 'Authorization: token' | 'PRIVATE-TOKEN'

/** An authorization server as data: its metadata, what it can do, and where its API is. */
export interface Provider<G extends Grants = Grants, S extends string = string> extends Metadata, Deviations {
  /** A short stable word, such as `gitlab`. */
  readonly id: string
  /** What a person calls it, such as `GitLab`. */
  readonly name: string
  readonly grants: G
  /** Scopes it is known to have; others may be asked for too. */
  readonly scopes?: readonly S[]
  /** Asked for where an app names no scope: the least that tells who signed in. */
  readonly default_scope?: S
  /** Where it tells which application a token is for, as Doorkeeper does. */
  readonly token_info_endpoint?: string
  /** Prefix of its API, ending in `/`; `client.fetch` sends the token nowhere else. */
  readonly api_base?: string
  readonly account?: AccountEndpoint
  /** How its API takes a personal access token. Default: as any other token. */
  readonly personal_token_header?: TokenHeader
  /**
   * How its API takes tokens. Default: `Authorization: Bearer`. `query` puts them into addresses, where logs and histories keep
   * them (RFC 6750 section 2.3): only for a server that documents it, and where no header gets through. Behind the BFF it is
   * taken out of answers as far as that goes: one that repeats part of an address, or writes it in an unusual way, shows the
   * page its token.
   */
  readonly token_in?: 'query' | TokenHeader
  /** Who may read its token endpoint and its API; absent where nothing tells. */
  readonly cors?: { readonly token?: Sharing; readonly api?: Sharing }
  readonly registration?: Registration
  readonly pages?: Pages
}

/** What {@link defineProvider} takes: a discovery document as it is, plus anything of {@link Provider} it should say. */
export type ProviderInput<G extends Grants, S extends string> = Metadata & Partial<Provider<G, S>>

/** Reads the standard claims of a UserInfo response or an ID token (OpenID Connect Core 5.1). */
const readUserinfo: AccountEndpoint['read'] = ({
  sub,
  preferred_username,
  name,
  email,
  picture,
  profile,
}) => ({
  id: sub,
  username: preferred_username,
  name,
  email,
  avatar_url: picture,
  profile_url: profile,
})

/** What a standard server has: the code grant for public clients, and refresh. */
type StandardGrants = { readonly code: 'public'; readonly refresh: 'public' }

/**
 * Makes a provider of an authorization server's metadata (RFC 8414, or an OpenID discovery document as it is).
 * @example defineProvider({ issuer, authorization_endpoint, token_endpoint, api_base: `${issuer}/api/` })
 */
export function defineProvider<const G extends Grants = StandardGrants, S extends string = string>(
  metadata: ProviderInput<G, S>,
): Provider<G, S> {
  const { host } = new URL(metadata.issuer)
  const { userinfo_endpoint: url } = metadata
  return {
    id: host,
    name: host,
    grants: { code: 'public', refresh: 'public' } as unknown as G,
    account: { ...(url && { url }), read: readUserinfo },
    ...metadata,
  }
}
