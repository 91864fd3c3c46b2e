import { createChallenge } from './pkce.ts'

/** Names a token to who has it, too: 48 bits of its SHA-256, of which nobody makes the token again. */
export const fingerprint = async (token: string): Promise<string> =>
  (await createChallenge(token)).slice(0, 8)
