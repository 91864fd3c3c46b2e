import { base64Url } from './base64.ts'

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}
const kid = 'forge'
const encode = (part: object): string => base64Url(new TextEncoder().encode(JSON.stringify(part)))

/** What signs the ID tokens of a forge. */
export type Signer = ReturnType<typeof createSigner>

/** Builds what signs ID tokens with RS256 (OpenID Connect Core section 2); its key is made when it is first needed. */
export function createSigner() {
  let made: Promise<CryptoKeyPair> | undefined
  const pair = () => {
    made ??= crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    return made
  }
  return {
    async sign(claims: object): Promise<string> {
      const text = `${encode({ typ: 'JWT', alg: 'RS256', kid })}.${encode(claims)}`
      const { privateKey } = await pair()
      const signature = await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(text))
      return `${text}.${base64Url(new Uint8Array(signature))}`
    },
    /** What its signatures can be checked with, as a JWK Set (RFC 7517 section 5). */
    async keys(): Promise<{ keys: object[] }> {
      const { kty, n, e } = await crypto.subtle.exportKey('jwk', (await pair()).publicKey)
      return { keys: [{ kty, n, e, kid, use: 'sig', alg: 'RS256' }] }
    },
  }
}
