import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { createClient } from '../../src/index.ts'
import { forgejo, gitea, gitlab } from '../../src/provider/index.ts'
import { startApp } from './app.ts'
import { startApp as startGitea } from './gitea-app.ts'

const day = 86_400_000

/** The claims of an ID token whose signature the forge's own keys confirm. */
async function verify(id_token: string, keys: Response, now: number) {
  const set = createLocalJWKSet(await keys.json())
  return (await jwtVerify(id_token, set, { currentDate: new Date(now) })).payload
}

describe('the ID token of a GitLab', () => {
  const openid = { scope: 'openid read_user', nonce: 'N' }

  test('is signed, lives two minutes, and says who signed in', async () => {
    const { base, get, winToken } = startApp({ now: () => day })
    const body = await winToken(openid)
    expect(Object.keys(body).at(-1)).toBe('id_token')
    const claims = await verify(body.id_token ?? '', await get('/oauth/discovery/keys'), day)
    const { sub_legacy, ...rest } = claims
    expect(sub_legacy).toMatch(/^[0-9a-f]{64}$/)
    const times = { iat: day / 1000, exp: day / 1000 + 120, auth_time: day / 1000 }
    expect(rest).toEqual({ iss: base, sub: '1', aud: 'spa', nonce: 'N', ...times })
  })

  test('tells the address where that is asked for', async () => {
    const { get, winToken } = startApp({ now: () => day })
    const { id_token = '' } = await winToken({ scope: 'openid email' })
    const claims = await verify(id_token, await get('/oauth/discovery/keys'), day)
    expect(claims).toMatchObject({ email: 'ada@forge.example', email_verified: true })
    expect(claims).not.toHaveProperty('nonce')
  })

  test('comes with a refresh too, without a nonce', async () => {
    const { get, winToken, refresh } = startApp({ now: () => day })
    const { refresh_token = '' } = await winToken(openid)
    const { id_token } = await (await refresh(refresh_token)).json()
    const claims = await verify(id_token, await get('/oauth/discovery/keys'), day)
    expect(claims).toMatchObject({ sub: '1', aud: 'spa' })
    expect(claims).not.toHaveProperty('nonce')
  })

  test('does not come without openid', async () => {
    const { winToken } = startApp()
    expect(await winToken({ nonce: 'N' })).not.toHaveProperty('id_token')
  })
})

describe('the ID token of a Gitea', () => {
  const keysOf = ({ get }: ReturnType<typeof startGitea>) => get('/login/oauth/keys')

  test('is signed, lives as long as the access token, and says what was asked for', async () => {
    const app = startGitea({ now: () => day })
    const { id_token = '' } = await app.winToken({ scope: 'openid profile email', nonce: 'N' })
    const { picture, ...claims } = await verify(id_token, await keysOf(app), day)
    expect(picture).toMatch(/^https:/)
    expect(claims).toEqual({
      ...{ iss: app.base, sub: '1', aud: ['8a3f-uuid'], nonce: 'N' },
      ...{ iat: day / 1000, exp: day / 1000 + 3600 },
      ...{ name: 'Ada Okafor', preferred_username: 'ada', profile: `${app.base}/ada` },
      ...{ email: 'ada@forge.example', email_verified: true },
    })
  })

  test('comes with a refresh too, with the nonce of the sign-in', async () => {
    const app = startGitea({ now: () => day })
    const { refresh_token = '' } = await app.winToken({ scope: 'openid', nonce: 'N' })
    const { id_token } = await (await app.refresh(refresh_token)).json()
    expect(await verify(id_token, await keysOf(app), day)).toMatchObject({ sub: '1', nonce: 'N' })
  })

  test('does not come without openid, nor from the first Gitea', async () => {
    expect(await startGitea().winToken({ scope: 'read:user' })).not.toHaveProperty('id_token')
    const first = startGitea({ profile: 'documented' })
    expect(await first.winToken({ scope: 'openid' })).not.toHaveProperty('id_token')
    expect((await keysOf(first)).status).toBe(404)
  })

  test('is among what its metadata tells', async () => {
    const { base, get } = startGitea()
    expect(await (await get('/.well-known/openid-configuration')).json()).toMatchObject({
      jwks_uri: `${base}/login/oauth/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    })
  })
})

describe('a client that asks for openid', () => {
  const names = ['gitlab', 'gitea', 'forgejo-of-today', 'older-forgejo']
  // One page for each, as servers that send no `iss` demand.
  const pages = names.map((name) => `https://app.test/${name}`)
  const clients = [{ client_id: 'spa', name: 'Reader', redirect_uris: pages }]
  const clock = { now: day }
  const options = { clients, now: () => clock.now }
  const forges = [
    ['GitLab', createForge('gitlab', options), gitlab, 'openid read_user', ''],
    ['Gitea', createForge('gitea', options), gitea, 'openid read:user', ''],
    ['Forgejo of today', createForge('forgejo', options), forgejo, 'openid', ''],
    ['older Forgejo', createForge('forgejo', { ...options, version: 9 }), forgejo, 'openid', '/'],
  ] as const

  test.each(forges)(
    'signs in at a %s, and stays the same after a refresh',
    async (name, forge, make, scope, end) => {
      const slug = name.replaceAll(' ', '-').toLowerCase()
      const base = `https://${slug}.test${forge.basePath}`
      const client = createClient({
        ...{
          provider: make({ base }),
          client_id: 'spa',
          redirect_uri: `https://app.test/${slug}`,
          scope,
          name,
        },
        flow: async (url) => forge.visit((await url).href),
        fetch: (input, init) => forge.fetch(new Request(input, init)),
        transactions: new Map(),
        now: () => clock.now,
      })
      const session = await client.login()
      expect(session.claims).toMatchObject({ iss: base + end, sub: '1' })
      const before = await client.accessToken()
      clock.now += 3 * 3_600_000
      expect(await client.accessToken()).not.toBe(before)
      const iat = Math.floor(clock.now / 1000)
      expect(client.snapshot?.claims).toMatchObject({ iss: base + end, sub: '1', iat })
    },
  )
})
