import { type Actor, basic, bearer, refresh, server } from '../actor.ts'
import { secrets } from '../registered.ts'
import type { Changes, Plan } from '../side.ts'
import type { Case } from './case.ts'

const revoke = (form: Changes): Plan => ({ path: '/oauth/revoke', form: { client_id: 'spa', ...form } })

const after = (name: string, plan: (actor: Actor) => Promise<Plan>): Case => ({
  name: `revoke: ${name}`,
  plan,
})

/** Revokes a fresh token of the public client. */
const fresh = (name: string, changes: Changes): Case =>
  after(name, async ({ winTokens }) => revoke({ token: (await winTokens()).access_token, ...changes }))

/** Revokes a fresh token of the confidential client. */
const confidential = (name: string, changes: Changes, headers?: Record<string, string>): Case =>
  after(name, async ({ winTokens }) => ({
    ...revoke({ token: (await winTokens({ client_id: 'server' }, server)).access_token, ...changes }),
    ...(headers && { headers }),
  }))

/** Revokes in some way and then looks at the token, or tries to refresh. */
const effect = (name: string, form: (tokens: Changes) => Changes): Case[] =>
  (['info', 'refresh'] as const).map((look) =>
    after(`${look} after ${name}`, async ({ winTokens, send }) => {
      const tokens = await winTokens()
      await send(revoke(form({ ...tokens })))
      const { access_token, refresh_token } = tokens
      return look === 'info'
        ? { path: '/oauth/token/info', headers: bearer(access_token) }
        : refresh({ refresh_token })
    }),
  )

export const revocationCases: readonly Case[] = [
  fresh('an access token', {}),
  fresh('with a hint', { token_type_hint: 'access_token' }),
  fresh('with a wrong hint', { token_type_hint: 'refresh_token' }),
  fresh('with an unknown hint', { token_type_hint: 'nonsense' }),
  fresh('an unknown token', { token: 'nonsense' }),
  fresh('no token', { token: undefined }),
  fresh('an empty token', { token: '' }),
  fresh('no client', { client_id: undefined }),
  fresh('no client and an unknown token', { client_id: undefined, token: 'nonsense' }),
  fresh('an unknown client', { client_id: 'nobody' }),
  fresh('a secret that the public client does not have', { client_secret: 'x' }),
  fresh('by another public client', { client_id: 'other' }),
  fresh('by a confidential client', server),
  confidential('of a confidential client', server),
  confidential('of a confidential client without its secret', { client_id: 'server' }),
  confidential('of a confidential client with a wrong secret', { ...server, client_secret: 'wrong' }),
  confidential('of a confidential client by a public one', {}),
  confidential(
    'of a confidential client by Basic',
    { client_id: undefined },
    basic('server', secrets.server),
  ),
  confidential('of a confidential client by its own token', { client_id: undefined }, bearer('x')),
  after('a refresh token', async ({ winTokens }) => revoke({ token: (await winTokens()).refresh_token })),
  after('a token again', async ({ winTokens, send }) => {
    const { access_token } = await winTokens()
    await send(revoke({ token: access_token }))
    return revoke({ token: access_token })
  }),
  after('as JSON', async ({ winTokens }) => ({
    path: '/oauth/revoke',
    json: { token: (await winTokens()).access_token, client_id: 'spa' },
  })),
  after('as query', async ({ winTokens }) => ({
    path: '/oauth/revoke',
    method: 'POST',
    query: { token: (await winTokens()).access_token, client_id: 'spa' },
  })),
  ...effect('its access token', ({ access_token }) => ({ token: access_token })),
  ...effect('its refresh token', ({ refresh_token }) => ({ token: refresh_token })),
  ...effect('a wrong hint', ({ access_token }) => ({
    token: access_token,
    token_type_hint: 'refresh_token',
  })),
  ...effect('another public client tried', ({ access_token }) => ({
    token: access_token,
    client_id: 'other',
  })),
  ...effect('an unknown client tried', ({ access_token }) => ({ token: access_token, client_id: 'nobody' })),
  ...(['access_token', 'refresh_token'] as const).map((half) =>
    after(`refresh after its ${half} was revoked when it had run out`, async ({ winTokens, send, later }) => {
      const tokens = await winTokens()
      await later(7201)
      await send(revoke({ token: tokens[half] }))
      return refresh({ refresh_token: tokens.refresh_token })
    }),
  ),
]
