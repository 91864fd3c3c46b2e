import { pageOf } from './address.ts'
import type { AuthorizationTransaction } from './authorization.ts'
import { fail } from './errors.ts'

/** What makes a text an address; a code may have a colon, too. */
const ADDRESS = /:\/\/|^(https?|javascript|vbscript|data|blob|file):/i

/**
 * Reads what a person has pasted as the address of an authorization response: a whole address as it is, anything else as
 * the code that would have stood in one. Never opens it. Throws `malformed_response` for what is no printable text of up to
 * 8 KiB, and `redirect_uri_mismatch` for the address of another page.
 */
export function readPasted(
  pasted: string,
  { redirect_uri, state }: Pick<AuthorizationTransaction, 'redirect_uri' | 'state'>,
): URL {
  const text = pasted.trim()
  if (!/^[ -~]{1,8192}$/.test(text)) fail('malformed_response', 'Copy the whole code, and nothing else.')
  if (!ADDRESS.test(text) || !URL.canParse(text)) {
    const url = new URL(redirect_uri)
    url.searchParams.set('code', text)
    url.searchParams.set('state', state)
    return url
  }
  const url = new URL(text)
  if (pageOf(url) !== pageOf(redirect_uri))
    fail('redirect_uri_mismatch', 'Copy the code, or the address that this sign-in came back on.')
  return url
}
