import type { ForgeClient, ForgeUser } from '../../src/emulator/index.ts'

/** Who has an account on both servers. */
export const users: readonly ForgeUser[] = [
  { username: 'ada', password: 'ada-lantern', name: 'Ada Okafor', email: 'ada@forge.example' },
  { username: 'jonas', password: 'jonas-harbour', name: 'Jonas Lindqvist', email: 'jonas@forge.example' },
]

export const redirect_uri = 'https://app.test/callback'

const known = { name: 'Reader', redirect_uris: [redirect_uri] }

/** Doorkeeper compares no secret with its parts, so these have signs that Basic authentication may trip over. */
export const secrets = { server: 'gloas-s_e.cret:2', returning: 'returning-secret' }

/** The applications that both servers know. */
export const clients: readonly ForgeClient[] = [
  { ...known, client_id: 'spa' },
  { ...known, client_id: 'other' },
  { ...known, client_id: 'server', client_secret: secrets.server },
  // Only the cases of a second sign-in use it: it is not asked again once it has a token.
  { ...known, client_id: 'returning', client_secret: secrets.returning },
  { ...known, client_id: 'trusted', trusted: true },
  { ...known, client_id: 'narrow', scopes: ['read_user'] },
  { ...known, client_id: 'native', redirect_uris: ['http://127.0.0.1:5000/cb', 'app.test:/cb'] },
  { ...known, client_id: 'query', redirect_uris: ['https://app.test/callback?a=1&b=2'] },
]

/** An RFC 7636 appendix B pair. */
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
