/** Writes bytes as base64url without padding (RFC 4648 section 5). */
const encode = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (sign) => ({ '+': '-', '/': '_' })[sign] ?? '')

/** 256 random bits in 43 characters: a state, or a code verifier (RFC 6749 section 10.10, RFC 7636 section 4.1). */
export const random = (): string => encode(crypto.getRandomValues(new Uint8Array(32)))

/** The S256 challenge of a code verifier (RFC 7636 section 4.2). */
export const createChallenge = async (code_verifier: string): Promise<string> =>
  encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code_verifier))))
