import { OAuthError } from '../protocol/errors.ts'
import type { Provider } from '../provider/provider.ts'

/** The servers of this page's clients, by redirect_uri and by issuer. */
const servers = new Map<string, Provider>()

/**
 * Refuses two servers that a response could not tell apart: of one issuer (RFC 9207 section 4), or of one redirect_uri
 * while either sends no `iss` (RFC 9700 section 4.4.2).
 */
export function registerProvider(provider: Provider, redirect_uri: string): void {
  const { issuer, token_endpoint } = provider
  const twin = servers.get(issuer)
  if (twin && twin.token_endpoint !== token_endpoint) {
    throw new OAuthError('duplicate_issuer', { hint: `Two providers claim to be ${issuer}: keep one.` })
  }
  const other = servers.get(redirect_uri) ?? provider
  const told = [other, provider].every((server) => server.authorization_response_iss_parameter_supported)
  if (other.issuer !== issuer && !told) {
    throw new OAuthError('shared_redirect_uri', { hint: `Give ${other.name} and ${provider.name} a redirect_uri each.` })
  }
  servers.set(issuer, provider).set(redirect_uri, provider)
}
