import { describe, expect, it } from 'vitest'
import type { FaultName } from '../../src/emulator/index.ts'
import { CASES, startForge } from './forges.ts'

const HOUR = 3_600_000
const cases = Object.entries(CASES)

describe.each(cases)('at %s', (_, one) => {
  it('signs in, shows the account and its scope, and calls the API', async () => {
    const { signIn, session, call, sent } = startForge(one)
    expect(await signIn()).toBe('/')
    const { account, scope } = await session()
    expect(account).toMatchObject({ id: expect.stringMatching(/./), username: 'ada', name: 'Ada Okafor' })
    expect(scope).toBe(one.granted)
    const answer = await call()
    expect(answer.status).toBe(200)
    expect(await answer.json()).not.toEqual({})
    expect(sent.at(-1)?.url.href).toBe(one.settings.provider.api_base + one.api)
  })

  it('signs out, and tells whether the forge has revoked the tokens', async () => {
    const app = startForge(one)
    const { revocation: url, settings } = one
    await app.signIn()
    await app.call()
    const used = app.sent.at(-1)?.request.headers
    const before = app.sent.length
    expect(await app.logout()).toEqual({ revoked: url !== undefined })
    expect(await app.session()).toBeUndefined()
    const revocations = app.sent.slice(before)
    expect(revocations.map((sent) => sent.url.href)).toEqual(url ? [url, url] : [])
    for (const { body } of revocations) expect(body.get('client_secret')).toBe('canary-client-secret-1')
    // What was not revoked lives on at the forge, where only the person can end it.
    const alone = new Request(settings.provider.api_base + one.api, { headers: used ?? {} })
    expect((await app.forge.fetch(alone)).status).toBe(url ? 401 : 200)
  })

  it('tells the page of a denial, signs nobody in, and does so the next time', async () => {
    const app = startForge(one)
    expect(await app.signIn('deny')).toBe(`/?forgepass_error=${one.denial}`)
    expect(await app.session()).toBeUndefined()
    expect(app.tokenRequests()).toEqual([])
    expect(await app.signIn()).toBe('/')
  })

  it.each<[string, FaultName]>([
    ['a secret that was reset', 'reset-secret'],
    ['a code that came too late', 'expired-code'],
  ])('signs nobody in with %s', async (_, fault) => {
    const app = startForge(one)
    const back = await app.forge.visit(await app.leave())
    app.forge.fault(fault)
    expect(await app.comeBack(back)).toBe('/?forgepass_error=token_endpoint_error')
    expect(await app.session()).toBeUndefined()
    expect(app.tokenRequests()).toHaveLength(1)
  })

  it('is not deceived by the issuer of another', async () => {
    const app = startForge(one)
    app.forge.fault('wrong-iss')
    expect(await app.signIn()).toBe('/?forgepass_error=issuer_mismatch')
    expect(app.tokenRequests()).toEqual([])
  })
})

describe.each(cases.filter(([, { refreshes }]) => refreshes))('at %s', (_, one) => {
  it('gets new tokens after an hour, without a word to the page', async () => {
    const app = startForge(one)
    await app.signIn()
    const before = app.sent.length
    app.clock.now += HOUR
    expect((await app.call()).status).toBe(200)
    const [renewal, ...calls] = app.sent.slice(before)
    const grant = new URLSearchParams([...(renewal?.url.searchParams ?? []), ...(renewal?.body ?? [])])
    expect(grant.get('grant_type')).toBe('refresh_token')
    expect(calls).toHaveLength(1)
    expect((await app.session()).expires_at).toBe(app.clock.now + HOUR)
    // The new refresh token counts from now on.
    app.clock.now += HOUR
    expect((await app.call()).status).toBe(200)
    expect(app.tokenRequests()).toHaveLength(3)
  })

  it('ends the session when its tokens were revoked there', async () => {
    const app = startForge(one)
    await app.signIn()
    app.forge.revokeAll()
    app.clock.now += HOUR
    const answer = await app.call()
    expect(answer.status).toBe(401)
    expect(answer.headers.get('forgepass-error')).toBe('login_required')
    expect(await app.session()).toBeUndefined()
  })

  it('keeps the session when it cannot ask for new tokens now', async () => {
    const app = startForge(one)
    await app.signIn()
    app.clock.now += HOUR
    app.forge.fault('server-error')
    expect((await app.call()).headers.get('forgepass-error')).toBe('bad_status')
    app.forge.fault(undefined)
    expect((await app.call()).status).toBe(200)
  })
})

describe.each(cases.filter(([, { refreshes }]) => !refreshes))('at %s', (_, one) => {
  it('keeps a session whose token never ends, until it is revoked', async () => {
    const app = startForge(one)
    await app.signIn()
    app.clock.now += 24 * HOUR
    expect((await app.call()).status).toBe(200)
    expect((await app.session()).expires_at).toBeUndefined()
    app.forge.revokeAll()
    expect((await app.call()).headers.get('forgepass-error')).toBe('login_required')
    expect(app.tokenRequests()).toHaveLength(1)
  })
})
