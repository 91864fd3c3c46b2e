import { type Actor, basic, bearer } from '../actor.ts'
import type { Plan } from '../side.ts'
import type { Case } from './case.ts'

const paths = ['/oauth/token/info', '/oauth/userinfo', '/api/v4/user', '/api/v4/projects']

const at = (
  path: string,
  name: string,
  plan: (actor: Actor) => Promise<Partial<Plan>> | Partial<Plan>,
): Case => ({
  name: `${path}: ${name}`,
  plan: async (actor) => ({ path, ...(await plan(actor)) }),
})

const scopes = ['api', 'read_user', 'read_api', 'openid', 'openid profile email', 'profile']

const everywhere = (path: string): Case[] => [
  at(path, 'no token', () => ({})),
  at(path, 'an unknown token', () => ({ headers: bearer('nonsense') })),
  at(path, 'an empty token', () => ({ headers: { authorization: 'Bearer ' } })),
  at(path, 'a Basic header', () => ({ headers: basic('spa', 'x') })),
  at(path, 'a refresh token', async ({ winTokens }) => ({
    headers: bearer((await winTokens()).refresh_token),
  })),
  ...scopes.map((scope) =>
    at(path, `scope ${scope}`, async ({ winTokens }) => ({
      headers: bearer((await winTokens({ scope })).access_token),
    })),
  ),
  ...['access_token', 'bearer_token'].map((name) =>
    at(path, `the token as ${name} in the query`, async ({ winTokens }) => ({
      query: { [name]: (await winTokens({ scope: 'api openid' })).access_token },
    })),
  ),
  at(path, 'the token in small bearer letters', async ({ winTokens }) => ({
    headers: { authorization: `bearer ${(await winTokens({ scope: 'api openid' })).access_token}` },
  })),
  at(path, 'a token that has run out', async ({ winTokens, later }) => {
    const { access_token } = await winTokens({ scope: 'api openid' })
    await later(7201)
    return { headers: bearer(access_token) }
  }),
  at(path, 'a revoked token', async ({ winTokens, send }) => {
    const { access_token } = await winTokens({ scope: 'api openid' })
    await send({ path: '/oauth/revoke', form: { token: access_token, client_id: 'spa' } })
    return { headers: bearer(access_token) }
  }),
  at(path, 'an unknown token that has an origin', () => ({
    headers: { ...bearer('nonsense'), origin: 'https://app.test' },
  })),
]

export const resourceCases: readonly Case[] = [
  ...paths.flatMap(everywhere),
  at('/oauth/token/info', 'a state beside an unknown token', () => ({
    headers: bearer('nonsense'),
    query: { state: 'S' },
  })),
  at('/oauth/userinfo', 'by POST', async ({ winTokens }) => ({
    method: 'POST',
    headers: bearer((await winTokens({ scope: 'openid' })).access_token),
  })),
  at('/oauth/userinfo', 'by POST with the token in the form', async ({ winTokens }) => ({
    form: { access_token: (await winTokens({ scope: 'openid' })).access_token },
  })),
  at('/oauth/token', 'by GET', () => ({})),
  at('/oauth/revoke', 'by GET', () => ({})),
  at('/oauth/token/info', 'by POST', () => ({ method: 'POST' })),
  at('/oauth/nowhere', 'nothing is there', () => ({})),
]
