import { base64Url } from './base64.ts'

/** Derives the S256 challenge of a verifier (RFC 7636 section 4.2). */
export async function s256(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return base64Url(new Uint8Array(digest))
}
