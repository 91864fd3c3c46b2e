import fc from 'fast-check'
import { validateAuthResponse } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { readAuthorizationResponse, validateAuthorizationResponse } from '../../src/protocol/authorization.ts'
import { OAuthError } from '../../src/protocol/errors.ts'

const issuer = 'https://forge.example'
const transaction = { issuer }

/** What ours makes of a callback address: the code it accepts, or the code of its error. */
function judge(address: string, advertised: boolean): string {
  const response = readAuthorizationResponse(new URL(address))
  if (response?.parameters.get('state') !== 'S') return 'refused'
  const provider = { name: 'Forge', authorization_response_iss_parameter_supported: advertised }
  try {
    return `accepted ${validateAuthorizationResponse(response, transaction, { provider })}`
  } catch (error) {
    return error instanceof OAuthError ? error.code : `threw ${error}`
  }
}

/** Whether oauth4webapi, which is certified, accepts the same address. */
function accepts(address: string, advertised: boolean): boolean {
  const server = { issuer, authorization_response_iss_parameter_supported: advertised }
  try {
    return validateAuthResponse(server, { client_id: 'APP' }, new URL(address), 'S').has('code')
  } catch {
    return false
  }
}

const name = fc.constantFrom('code', 'state', 'iss', 'error', 'error_description', 'id_token', 'app', 'lang')
const value = fc.constantFrom(
  'S',
  's',
  'C1',
  '',
  issuer,
  `${issuer}/`,
  'https://evil.example',
  'access_denied',
)
const pairs = fc.array(fc.tuple(name, value), { maxLength: 6 })

describe('the judgement of an authorization response', () => {
  it('accepts nothing that oauth4webapi refuses', () => {
    const numRuns = process.env.CI ? 20_000 : 3_000
    let accepted = 0
    fc.assert(
      fc.property(pairs, fc.boolean(), (query, advertised) => {
        const likely = [['code', 'C1'], ['state', 'S'], ...query]
        for (const entries of [query, likely]) {
          const address = `https://app.example/cb?${new URLSearchParams(entries as [string, string][])}`
          const verdict = judge(address, advertised)
          expect(verdict).not.toMatch(/^threw/)
          if (!verdict.startsWith('accepted')) continue
          accepted++
          expect(accepts(address, advertised), address).toBe(true)
        }
      }),
      { numRuns },
    )
    expect(accepted).toBeGreaterThan(numRuns / 20)
  })

  it('refuses, of what oauth4webapi accepts, only an empty code, a repeated parameter and an ID token', () => {
    fc.assert(
      fc.property(pairs, fc.boolean(), (query, advertised) => {
        const all = new URLSearchParams([['code', 'C1'], ['state', 'S'], ...query])
        const address = `https://app.example/cb?${all}`
        if (!accepts(address, advertised) || judge(address, advertised).startsWith('accepted')) return
        const defined = [...all.keys()].filter((key) => !['app', 'lang'].includes(key))
        expect(new Set(defined).size < defined.length || all.has('id_token')).toBe(true)
      }),
      { numRuns: process.env.CI ? 20_000 : 3_000 },
    )
  })
})
