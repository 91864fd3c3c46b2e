import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../src/protocol/fingerprint.ts'
import { type Answer, json } from '../client/app.ts'
import { type App, sealOf, sessionOf, startBff } from './app.ts'

/** A forge that gives what is asked for in a refresh, or what `more` says. */
function giving(more: Record<string, unknown> = {}): Answer {
  let count = 0
  return async (request) => {
    count += 1
    const asked = new URLSearchParams(await request.text()).get('scope')
    const tokens = { access_token: `AT-${count}`, refresh_token: `RT-${count}`, token_type: 'bearer' }
    return json({ ...tokens, expires_in: 7200, scope: asked ?? 'read write', ...(count > 1 && more) })
  }
}

/** Somebody who has granted reading and writing to an application whose pages get the access token. */
async function startWide(answer: Answer = giving()) {
  const scope = 'read write'
  const app = startBff({ tokens: 'browser', providers: { gitlab: { scope } } })
  app.answers.token = answer
  await app.signIn()
  return app
}

const ask = async ({ browser }: App, scope: string) => {
  const response = await browser.send(`/auth/token/gitlab?${new URLSearchParams({ scope })}`)
  const { access_token, scope: got, error } = await response.json()
  return { status: response.status, access_token, scope: got, error }
}

const scopesOf = (app: App) => app.refreshes().map(({ body }) => body.get('scope'))
const unavailable = { status: 403, error: 'scope_unavailable' }

describe('a page that asks for less than was granted', () => {
  it('gets a token that can do no more, by one refresh', async () => {
    const app = await startWide()
    const both = await Promise.all([ask(app, 'read'), ask(app, 'read')])
    for (const one of both) expect(one).toMatchObject({ status: 200, access_token: 'AT-2', scope: 'read' })
    expect(await ask(app, 'read')).toMatchObject({ access_token: 'AT-2' })
    expect(scopesOf(app)).toEqual(['read'])
  })

  it.each(['', 'read write', 'write read', ' write  read '])('asks for no less by "%s"', async (scope) => {
    const app = await startWide()
    expect(await ask(app, scope)).toMatchObject({ access_token: 'AT-1', scope: 'read write' })
    expect(app.refreshes()).toEqual([])
  })

  it('gets it renewed to the same, and nobody gets more any more', async () => {
    const app = await startWide()
    await ask(app, 'read')
    app.clock.now += 7_200_000
    expect(await ask(app, '')).toMatchObject({ access_token: 'AT-3', scope: 'read' })
    expect(await ask(app, 'read write')).toMatchObject(unavailable)
    expect(scopesOf(app)).toEqual(['read', 'read'])
  })

  it('gets it in the refresh that is due anyway', async () => {
    const app = await startWide()
    app.clock.now += 7_200_000
    expect(await ask(app, 'write')).toMatchObject({ access_token: 'AT-2', scope: 'write' })
    expect(scopesOf(app)).toEqual(['write'])
  })

  it('gets its own where another page asks for everything at the same time', async () => {
    const app = await startWide()
    app.clock.now += 7_200_000
    const [all, less] = await Promise.all([ask(app, ''), ask(app, 'read')])
    expect(all).toMatchObject({ access_token: 'AT-2', scope: 'read write' })
    expect(less).toMatchObject({ access_token: 'AT-3', scope: 'read' })
  })

  it('gets it also after a page has asked for everything', async () => {
    const app = await startWide()
    app.clock.now += 7_200_000
    expect(await ask(app, 'read write')).toMatchObject({ access_token: 'AT-2' })
    expect(await ask(app, 'read')).toMatchObject({ access_token: 'AT-3', scope: 'read' })
    expect(scopesOf(app)).toEqual([null, 'read'])
  })

  it('gets it in place of one that the API refused', async () => {
    const app = await startWide()
    const query = new URLSearchParams({ scope: 'read', refused: await fingerprint('AT-1') })
    const response = await app.browser.send(`/auth/token/gitlab?${query}`)
    expect(await response.json()).toMatchObject({ access_token: 'AT-2', scope: 'read' })
    expect(scopesOf(app)).toEqual(['read'])
  })

  it.each([
    ['gives more all the same', { scope: 'read write' }],
    ['does not say what it gives', { scope: undefined }],
  ])('gets none from a forge that %s, which is asked only once and loses no token', async (_, more) => {
    const app = await startWide(giving(more))
    for (const _ of [1, 2])
      expect(await ask(app, 'read')).toMatchObject({ ...unavailable, access_token: undefined })
    expect(scopesOf(app)).toEqual(['read'])
    // Another process knows only what the cookie says.
    const cookie = `${sessionOf('gitlab')}=${sealOf(app.browser)}`
    const kept = await app.open(app.make()).send('/auth/token/gitlab', { cookie })
    expect(await kept.json()).toMatchObject({ access_token: 'AT-2', scope: 'read write' })
    expect(await ask(app, '')).toMatchObject({ access_token: 'AT-2', scope: 'read write' })
  })

  it('gets none from a forge that refuses to narrow, which ends nothing', async () => {
    const app = await startWide()
    app.answers.token = () => json({ error: 'invalid_scope' }, { status: 400 })
    for (const _ of [1, 2]) expect(await ask(app, 'read')).toMatchObject(unavailable)
    expect(app.refreshes()).toHaveLength(1)
    expect(await ask(app, '')).toMatchObject({ access_token: 'AT-1' })
  })

  it('gets none where there is no refresh token, and the session goes on', async () => {
    const app = await startWide(() => json({ access_token: 'AT', token_type: 'bearer', scope: 'read write' }))
    expect(await ask(app, 'read')).toMatchObject(unavailable)
    expect(await ask(app, 'read write')).toMatchObject({ access_token: 'AT' })
    expect(app.exchanges()).toHaveLength(1)
  })
})

describe('a page that asks for more than was granted', () => {
  it.each(['admin', 'read admin', 'read write admin', 'READ'])('gets nothing for "%s"', async (scope) => {
    const app = await startWide()
    expect(await ask(app, scope)).toMatchObject({ ...unavailable, access_token: undefined })
    expect(app.refreshes()).toEqual([])
  })

  it('gets nothing where nobody knows what was granted', async () => {
    const app = startBff({ tokens: 'browser' })
    app.answers.token = () => json({ access_token: 'AT', refresh_token: 'RT', token_type: 'bearer' })
    await app.signIn('gitea')
    const response = await app.browser.send('/auth/token/gitea?scope=read')
    expect(response.status).toBe(403)
    expect(app.refreshes()).toEqual([])
  })
})
