import { base64Url, decodeBase64 } from '../base64.ts'

/** What Gitea writes into its tokens: the grant, the kind (0 access, 1 refresh) and the count; times in seconds. */
export interface Claims {
  readonly gnt: number
  readonly tt: 0 | 1
  readonly cnt?: number
  readonly exp: number
  readonly iat: number
}

/** How tokens were signed up to 1.14, and are since. */
const algorithms = { HS512: 64, RS256: 256 } as const

const encode = (part: object): string => base64Url(new TextEncoder().encode(JSON.stringify(part)))

/** Writes a token in the shape of a JWT (RFC 7519); its signature is noise, as nobody but the forge reads it. */
export function writeJwt(claims: Claims, { alg }: { alg: keyof typeof algorithms }): string {
  const signature = crypto.getRandomValues(new Uint8Array(algorithms[alg]))
  return `${encode({ alg, typ: 'JWT' })}.${encode(claims)}.${base64Url(signature)}`
}

/** Reads back what {@link writeJwt} wrote. */
export const readClaims = (token: string): Claims => {
  const [, payload = ''] = token.split('.')
  return JSON.parse(decodeBase64(payload.replaceAll('-', '+').replaceAll('_', '/')) ?? '')
}
