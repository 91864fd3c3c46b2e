import { describe, expect, it } from 'vitest'
import { back, leadsTo, PROVIDERS, sessionOf, startBff } from './app.ts'
import { parseCookie } from './browser.ts'
import { CASES, type Case, startForge } from './forges.ts'
import { expectKept, NONE, startPaste } from './paste-app.ts'
import { expectStray } from './refusal.ts'

describe('a sign-in whose code is copied by hand', () => {
  it.each(['GitShare of today', 'the documented GitShare'])('signs in at %s, at no address', async (name) => {
    const app = startForge(CASES[name] as Case)
    const login = await app.browser.visit('/auth/login/forge?manual=1')
    const url = new URL(login.headers.get('location') ?? '')
    expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'response_type', 'scope', 'state'])
    const shown = await app.forge.visit(url)
    expect(shown.pathname).toBe('/oauth2/authorize/')
    const code = shown.searchParams.get('code')
    const answer = await app.browser.send('/auth/callback/forge', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: ` ${code}\n` }),
    })
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expect(await app.session()).toMatchObject({ account: { username: 'ada' } })
    const [request] = app.tokenRequests()
    expect(request?.body.has('redirect_uri')).toBe(false)
    expect(request?.body.get('code')).toBe(code)
  })

  it('sets the session and removes the cookie of the sign-in, with the secret and the verifier on the wire', async () => {
    const app = startPaste()
    const state = await app.startManual()
    const { name } = app.findLogin()
    expect(app.findLogin().attributes.samesite).toBe('Lax')
    const answer = await app.paste('canary-code-1')
    expect(answer.status).toBe(204)
    const cookies = answer.headers.getSetCookie().map(parseCookie)
    expect(cookies.map((one) => one.name)).toEqual([name, sessionOf('gitlab')])
    expect(cookies[0]).toMatchObject({ value: '', attributes: { 'max-age': '0' } })
    expect(cookies[1]?.attributes).toMatchObject({ samesite: 'Strict', httponly: '', secure: '' })
    const body = Object.fromEntries(app.exchanges()[0]?.body ?? [])
    expect(body).toMatchObject({ code: 'canary-code-1', client_secret: 'canary-client-secret-1' })
    expect(body.code_verifier).toMatch(/^[\w-]{43}$/)
    expect(body).not.toHaveProperty('redirect_uri')
    expect(JSON.stringify(body)).not.toContain(state)
  })

  it('is finished by the callback where the forge sends the person there all the same', async () => {
    const app = startPaste()
    const state = await app.startManual({ return_to: '/here' })
    expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/here')
    expect(app.exchanges()[0]?.body.has('redirect_uri')).toBe(false)
    expect(await app.refusal(await app.paste('canary-code-1'))).toEqual(NONE)
    expect(app.exchanges()).toHaveLength(1)
  })

  it.each(['before', 'after'])('ends the session that began %s it', async (when) => {
    const app = startPaste()
    if (when === 'before') await app.signIn()
    await app.startManual()
    if (when === 'after') await app.signIn()
    const old = app.seal()
    // Without the cookie of the session, too, where the sign-in knows of it.
    const { jar } = app.browser
    const login = jar.cookies.get(`${app.logins()[0]}`)
    const own = when === 'before' ? { cookie: `${login?.name}=${login?.value}` } : {}
    expect((await app.paste('canary-code-2', own)).status).toBe(204)
    const cookie = `${sessionOf('gitlab')}=${old}`
    expect((await app.browser.send('/auth/api/gitlab/projects', { cookie })).status).toBe(401)
  })

  it('is the latest of its kind at this forge, whatever was begun by redirect after it', async () => {
    const app = startPaste()
    const states = [await app.startManual(), await app.startManual(), await app.start('gitlab')]
    await app.start('gitkraken')
    const before = app.logins()
    await app.paste('canary-code-1')
    const gone = before.filter((name) => !app.logins().includes(name))
    expect(gone).toEqual([`__Host-forgepass.login.gitlab.${states[1]?.slice(0, 16)}`])
    expect(leadsTo(await app.finish(back('gitlab', `${states[2]}`)))).toBe('/')
  })

  it.each(['GitKraken', 'Gitea of today', 'GitLab of today', 'GitCode', 'Codeberg', 'a GitHub App'])(
    'does not start at %s, which shows no code',
    async (name) => {
      const { browser } = startForge(CASES[name] as Case)
      const answer = await browser.visit('/auth/login/forge?manual=1')
      expect(answer.status).toBe(400)
      expect(answer.headers.get('forgepass-error')).toBe('unsupported_by_provider')
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(await answer.text()).toContain('shows no code to copy')
    },
  )

  it.each(['', '0', 'true', '11'])('is none with manual=%s', async (manual) => {
    const app = startPaste()
    const login = await app.browser.visit(`/auth/login/gitlab?manual=${manual}`)
    expect(new URL(login.headers.get('location') ?? '').searchParams.has('redirect_uri')).toBe(true)
    expect(await app.refusal(await app.paste('canary-code-1'))).toEqual(NONE)
    expect(app.sent).toEqual([])
  })
})

describe('a pasted code that no sign-in by hand waits for', () => {
  it.each<[string, (app: ReturnType<typeof startPaste>) => Promise<unknown>]>([
    ['nothing has begun', async () => {}],
    ['one by redirect is under way', (app) => app.start('gitlab')],
    ['it waits in another browser', (app) => app.startManual({}, app.open())],
    ['it is over', (app) => app.startManual().then(() => app.paste('canary-code-0'))],
    ['its cookie has gone', (app) => app.startManual().then(() => (app.clock.now += 1_300_000))],
  ])('is refused where %s', async (_, prepare) => {
    const app = startPaste()
    await prepare(app)
    const { length } = app.sent
    const answer = await app.paste('canary-code-1')
    expect(await app.refusal(answer)).toEqual(NONE)
    expect(`${answer.headers.getSetCookie()}`).not.toContain('.session.')
    expect(app.sent).toHaveLength(length)
  })

  it('is told from one that comes too late, which ends it', async () => {
    const app = startPaste()
    await app.startManual()
    app.clock.now += 600_000
    expect((await app.refusal(await app.paste('canary-code-1'))).slice(1)).toEqual(['transaction_expired', 0])
    expect(app.logins()).toEqual([])
    expect(await app.refusal(await app.paste('canary-code-1'))).toEqual(NONE)
    expect(app.sent).toEqual([])
  })

  it('is refused for another application or server under the name of the forge', async () => {
    const app = startPaste()
    await app.startManual()
    const { cookies } = app.browser.jar
    const { provider } = PROVIDERS.gitlab
    const other = {
      ...provider,
      manual_redirect_uri: 'none',
      token_endpoint: 'https://other.example/token',
    } as const
    const moved = app.make({ providers: { gitlab: { provider: other } } })
    const browser = app.open(moved)
    for (const { name, value } of cookies.values()) browser.jar.plant(name, value)
    expect(await app.refusal(await app.paste('canary-code-1', {}, browser))).toEqual(NONE)
    expect(app.sent).toEqual([])
    await expectKept(app)
  })

  it('is refused at a name that no forge has', async () => {
    const app = startPaste()
    const headers = { 'content-type': 'application/json' }
    const answer = await app.browser.send('/auth/callback/other', { method: 'POST', headers, body: '{}' })
    expect(answer.status).toBe(404)
  })

  it('is a stray way back by redirect with a copied cookie, once it is over', async () => {
    const app = startPaste()
    const state = await app.startManual()
    const { name, value } = app.findLogin()
    await app.paste('canary-code-1')
    await expectStray(await app.finish(back('gitlab', state)))
    const address = { from: 'cross-site navigation', cookie: `${name}=${value}` } as const
    const again = await app.browser.send(back('gitlab', state), address)
    expect(leadsTo(again)).toBe('/?forgepass_error=state_replayed')
    expect(await app.refusal(await app.paste('canary-code-2', { cookie: `${name}=${value}` }))).toEqual(NONE)
    expect(app.exchanges()).toHaveLength(1)
  })
})

describe('any other POST to the callback', () => {
  it('is answered as before at a BFF without such a forge', async () => {
    const app = startBff()
    const state = await app.start()
    const answer = await app.browser.send(back('gitlab', state), { method: 'POST' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
    expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
  })
})
