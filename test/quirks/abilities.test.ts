// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { type ClientOptions, createClient, diagnose } from '../../src/index.ts'
import { defineProvider, forgejo, gitea, gitlab } from '../../src/provider/index.ts'
import { SECRET } from '../bff/app.ts'
import { CASES } from '../bff/forges.ts'
import { failure } from '../client/app.ts'
import { becomePage, read } from '../client/diagnosis.ts'
import { type Backend, expectStray, startAt } from './backend.ts'
import { fetchAsPage } from './cross-origin.ts'
import { judgeUserinfo } from './oracle.ts'
import { openPage, type Setting } from './page.ts'

/** A Gitea of today in front of a page, open to it or not. */
const tea = (cors: boolean): Setting => ({
  make: (registered) => createForge('gitea', { ...registered, cors }),
  provider: (base) => gitea({ base }),
  scope: 'read:user',
})

/** Exchanges a code as the BFF does, with this verifier. */
function exchange({ forge, redirect_uri }: Backend, { back, verifier }: { back: URL; verifier: string }) {
  const body = new URLSearchParams({
    ...{ client_id: 'bff', client_secret: SECRET, grant_type: 'authorization_code', redirect_uri },
    ...{ code: back.searchParams.get('code') ?? '', code_verifier: verifier },
  })
  const url = 'https://gitea.example/login/oauth/access_token'
  return forge.fetch(new Request(url, { method: 'POST', body }))
}

describe('PKCE that binds nothing', () => {
  it('Q9: people are signed in at their first consent and at the next, with S256 each time', async () => {
    const app = startAt('the documented Gitea')
    for (let count = 0; count < 2; count += 1) {
      const asked = await app.leave()
      expect(asked.searchParams.get('code_challenge_method')).toBe('S256')
      expect(await app.comeBack(await app.forge.visit(asked))).toBe('/')
    }
    const decisions = app.forge.requests.filter(({ path }) => path === '/login/oauth/grant')
    expect(decisions).toHaveLength(1)
  })

  it('Q9: plain would not do: no verifier fits it', async () => {
    const app = startAt('the documented Gitea')
    const asked = await app.leave()
    asked.searchParams.set('code_challenge_method', 'plain')
    const verifier = asked.searchParams.get('code_challenge') ?? ''
    const answer = await exchange(app, { back: await app.forge.visit(asked), verifier })
    expect(await answer.json()).toMatchObject({ error: 'unauthorized_client' })
  })

  it('Q9: the state keeps out a code of somebody else, which no verifier would', async () => {
    const [victim, attacker] = [startAt('the documented Gitea'), startAt('the documented Gitea')]
    const asked = await victim.leave()
    const back = await victim.forge.visit(await attacker.leave(), { username: 'jonas' })
    await expectStray(victim, back)
    expect((await exchange(victim, { back, verifier: 'any at all' })).status).toBe(200)
    expect(await victim.comeBack(await victim.forge.visit(asked))).toBe('/')
    expect((await victim.session()).account.username).toBe('ada')
  })
})

describe('what is not there for pages', () => {
  it('Q10: a page is told before it starts that an old Gitea wants a secret, and the BFF has one', async () => {
    const provider = gitea({ base: 'https://gitea.example', profile: 'documented' })
    const options = { provider, client_id: 'spa', redirect_uri: 'https://app.example/callback' }
    expect(() => createClient(options as unknown as ClientOptions)).toThrow(
      expect.objectContaining({ code: 'secret_required', hint: expect.stringContaining('BFF') }),
    )
    expect(await startAt('the documented Gitea').signIn()).toBe('/')
  })

  it('Q10: a Gitea without CORS fails a page with a word about CORS, and one with it does not', async () => {
    const [closed, open] = [openPage(tea(false)), openPage(tea(true))]
    expect(await failure(closed.client.login())).toMatchObject({
      code: 'cors_blocked',
      hint: expect.stringMatching(/allow CORS, or use the BFF/),
    })
    expect(await closed.client.session()).toBeNull()
    expect(await open.signIn()).toMatchObject({ scope: 'read:user' })
  })

  it('Q10: and so does the diagnosis', async () => {
    becomePage()
    const marks = async (cors: boolean) => {
      const { options } = openPage(tea(cors))
      return read(await diagnose(options)).marks
    }
    expect(await marks(false)).toMatchObject({ reachable: true, cors: false })
    expect(await marks(true)).toMatchObject({ reachable: true, cors: true })
  })

  it.each<[string, Setting]>([
    ['Gitea', tea(true)],
    [
      'Forgejo',
      {
        make: (registered) => createForge('forgejo', { ...registered, cors: true }),
        provider: (base) => forgejo({ base }),
      },
    ],
  ])('Q15: a page at %s knows who signed in from the API, as it cannot ask UserInfo', async (_, setting) => {
    const { client, base, forge, signIn } = openPage(setting)
    await signIn()
    expect(client.snapshot?.account).toMatchObject({ username: 'ada' })
    const asked = forge.requests.filter(({ method }) => method === 'GET').map(({ path }) => path)
    expect(asked).toContain('/api/v1/user')
    expect(asked).not.toContain('/login/oauth/userinfo')
    const userinfo = `${base}/login/oauth/userinfo`
    const headers = { authorization: `Bearer ${await client.accessToken()}` }
    await expect(fetchAsPage(forge.fetch)(userinfo, { headers })).rejects.toThrow(TypeError)
    const refusal = await forge.fetch(new Request(userinfo))
    expect([refusal.status, await refusal.text()]).toEqual([401, 'no valid authorization'])
  })
})

describe('what is not there at all', () => {
  const silent = [
    ...['Gitea of today', 'the documented Gitea', 'Codeberg', 'GitCode', 'GitKraken'],
    ...['GitShare of today', 'an OAuth app at GitHub'],
  ]

  it.each(silent)(
    'Q14: signing out at %s ends the session here, and says that the forge has not',
    async (name) => {
      const app = startAt(name)
      await app.signIn()
      const before = app.sent.length
      expect(await app.logout()).toEqual({ revoked: false })
      expect(app.sent).toHaveLength(before)
      expect(await app.session()).toBeUndefined()
    },
  )

  it.each(['Gitea of today', 'the documented Gitea', 'Codeberg', 'an OAuth app at GitHub'])(
    'Q14: and where people end it at %s themselves, the preset tells',
    (name) => {
      const { issuer = '', pages } = CASES[name]?.settings.provider ?? {}
      expect(new URL(pages?.revocation ?? '').origin).toBe(new URL(issuer).origin)
    },
  )

  it.each(Object.entries(CASES))(
    'Q16: an account at %s has a text for its id, of whatever the API has',
    async (name, one) => {
      const app = startAt(name)
      await app.signIn()
      const { account } = await app.session()
      const at = app.sent.findIndex(({ url }) => url.pathname.match(/\/(user|whoami\/)$/))
      const { body = '' } = app.answers[at] ?? {}
      const told = JSON.parse(body)
      expect(account).toMatchObject({ id: `${told.id}`, username: 'ada' })
      expect(told).not.toHaveProperty('sub')
      expect(app.sent[at]?.url.href.startsWith(`${one.settings.provider.api_base}`)).toBe(true)
      expect(`${await judgeUserinfo(Response.json(told))}`).toContain('"sub" property must be a string')
    },
  )
})

describe('what GitLab says of itself', () => {
  it('Q32: a revocation that is refused is told as none, and the session is over all the same', async () => {
    const app = startAt('GitLab of today')
    await app.signIn()
    app.forge.fault('reset-secret')
    expect(await app.logout()).toEqual({ revoked: false })
    expect(app.answers.at(-1)).toMatchObject({
      status: 403,
      body: expect.stringContaining('"unauthorized_client"'),
    })
    expect(await app.session()).toBeUndefined()
    expect((await app.call()).headers.get('forgepass-error')).toBe('session_required')
    app.forge.fault(undefined)
    expect(await app.signIn()).toBe('/')
    expect(await app.logout()).toEqual({ revoked: true })
  })

  it('Q33: metadata without a word of public clients keep no page from signing in', async () => {
    const make: Setting['make'] = (registered) => createForge('gitlab', registered)
    const known = make({ clients: [], now: Date.now })
    const path = '/.well-known/oauth-authorization-server'
    const metadata = await (await known.fetch(new Request(`https://lab.example${path}`))).json()
    expect(metadata.grant_types_supported).toContain('device_code')
    expect(metadata.token_endpoint_auth_methods_supported).not.toContain('none')
    const { client, signIn } = openPage({
      make,
      scope: 'read_user',
      provider: (base) => ({
        ...defineProvider(JSON.parse(JSON.stringify(metadata).replaceAll('https://lab.example', base))),
        api_base: `${base}/api/v4/`,
        account: gitlab().account as NonNullable<ReturnType<typeof gitlab>['account']>,
      }),
    })
    expect(await signIn()).toMatchObject({ scope: 'read_user' })
    expect((await client.fetch('user')).status).toBe(200)
    expect(await client.logout()).toEqual({ revoked: true })
  })
})
