import { pageOf } from '../protocol/address.ts'
import { fail } from '../protocol/errors.ts'
import type { Provider } from '../provider/provider.ts'
import { absoluteRedirectUri } from './address.ts'

/** The servers of this page's clients, by redirect_uri and by issuer. */
const servers = new Map<string, Provider>()

/**
 * Refuses two servers that a response could not tell apart: of one issuer (RFC 9207 section 4), or of one redirect_uri
 * while either sends no `iss` (RFC 9700 section 4.4.2).
 */
export function registerProvider(provider: Provider, redirect_uri: string): void {
  const { issuer, token_endpoint } = provider
  const page = pageOf(absoluteRedirectUri(redirect_uri))
  const [twin, other] = [issuer, page || issuer].map((name) => servers.get(name) ?? provider) as [
    Provider,
    Provider,
  ]
  const silent = [other, provider].some((server) => !server.authorization_response_iss_parameter_supported)
  if (twin.token_endpoint !== token_endpoint)
    fail('duplicate_issuer', `Two providers claim to be ${issuer}: keep one.`)
  if (other.issuer !== issuer && silent)
    fail('shared_redirect_uri', `Give ${other.issuer} and ${issuer} a redirect_uri each.`)
  servers.set(issuer, provider).set(page, provider)
}
