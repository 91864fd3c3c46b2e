import { calculatePKCECodeChallenge } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { createChallenge, random } from '../../src/protocol/pkce.ts'

describe('PKCE', () => {
  it('security 2: computes the challenge of RFC 7636 appendix B', async () => {
    const challenge = await createChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
    expect(challenge).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  })

  it("computes the challenge that GitLab's documentation shows", async () => {
    const challenge = await createChallenge('ks02i3jdikdo2k0dkfodf3m39rjfjsdk0wk349rj3jrhf')
    expect(challenge).toBe('2i0WFA-0AerkjQm4X4oDEhqA17QIAKNjXpagHBXmO_U')
  })

  it('agrees with oauth4webapi on 1,000 verifiers', async () => {
    for (let count = 0; count < 1000; count++) {
      const code_verifier = random()
      expect(await createChallenge(code_verifier)).toBe(await calculatePKCECodeChallenge(code_verifier))
    }
  })

  it('security 2, 4: makes 10,000 values of 256 bits, none twice', () => {
    const values = Array.from({ length: 10_000 }, random)
    expect(new Set(values).size).toBe(10_000)
    expect(values.every((value) => /^[\w-]{43}$/.test(value))).toBe(true)
    // 43 characters carry 258 bits: the last one is one of the 16 that leave two of them zero.
    expect(values.every((value) => /[048AEIMQUYcgkosw]$/.test(value))).toBe(true)
  })
})
