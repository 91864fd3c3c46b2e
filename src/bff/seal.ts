import { EncryptJWT, type JWTPayload, jwtDecrypt } from 'jose'

/** Seals what a cookie holds, so that nobody can read or change it, or put it into another cookie. */
export interface Seal {
  /** Encrypts claims for the cookie `name`, to be opened until `expires_at` (milliseconds since the epoch). */
  seal(name: string, claims: object, expires_at: number): Promise<string>
  /** Gives the claims back; `undefined` for anything that is not whole, in date and of that cookie. */
  open(name: string, value: string): Promise<JWTPayload | undefined>
}

/** A key made of one secret, with the name it is known by in a seal. */
interface SealKey {
  readonly kid: string
  readonly key: CryptoKey
}

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Derives the key and its name from a secret of any length (RFC 5869). */
async function deriveKey(secret: string): Promise<SealKey> {
  const material = await crypto.subtle.importKey('raw', utf8(secret), 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const hkdf = (info: string) => ({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) })
  const aes = { name: 'AES-GCM', length: 256 }
  const key = await crypto.subtle.deriveKey(hkdf('forgepass seal'), material, aes, false, [
    'encrypt',
    'decrypt',
  ])
  const name = new Uint8Array(await crypto.subtle.deriveBits(hkdf('forgepass kid'), material, 48))
  return { key, kid: btoa(String.fromCharCode(...name)) }
}

/** Makes the seal of a BFF: a JWE (RFC 7516), `dir` with A256GCM, whose protected header names cookie and key. */
export function createSeal(secrets: readonly string[], { now }: { now: () => number }): Seal {
  let derived: Promise<SealKey[]> | undefined
  const keys = async () => {
    derived ??= Promise.all(secrets.map(deriveKey))
    return derived
  }
  return {
    async seal(name, claims, expires_at) {
      const [first] = (await keys()) as [SealKey]
      return new EncryptJWT({ ...claims })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: first.kid, typ: name })
        .setExpirationTime(Math.floor(expires_at / 1000))
        .encrypt(first.key)
    },
    async open(name, value) {
      const known = await keys()
      const find = ({ kid }: { kid?: string | undefined }) => {
        const found = known.find((one) => one.kid === kid)
        if (!found) throw new Error('sealed with a key that is not known')
        return found.key
      }
      const rules = {
        typ: name,
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['exp'],
        currentDate: new Date(now()),
      }
      const opened = await jwtDecrypt(value, find, rules).catch(() => undefined)
      return opened?.payload
    },
  }
}
