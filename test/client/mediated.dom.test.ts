import { describe, expect, it } from 'vitest'
import { failure, json, until } from './app.ts'
import { refusal, session } from './bff.ts'
import { startMediated } from './mediated.ts'

const signedOut = () => refusal('session_required', 401)

describe('the access token of a mediated client', () => {
  it('is asked of the BFF once, however many need it, with the header of an own page', async () => {
    const { client, sent, base } = startMediated()
    const tokens = await Promise.all(Array.from({ length: 50 }, () => client.accessToken()))
    expect(new Set(tokens)).toEqual(new Set(['AT-1']))
    expect(await client.accessToken()).toBe('AT-1')
    expect(sent.map(({ method, url }) => `${method} ${url.replace(/\?.*/, '')}`)).toEqual([
      `GET ${location.origin}${base}/token/gitlab`,
    ])
    expect(sent[0]?.headers.get('forgepass-csrf')).toBe('1')
  })

  it('is asked for again five seconds before its end, and not before', async () => {
    const { client, clock, asked } = startMediated()
    await client.accessToken()
    clock.now += 7_194_999
    expect(await client.accessToken()).toBe('AT-1')
    clock.now += 1
    expect(await client.accessToken()).toBe('AT-2')
    expect(asked().map(({ refused }) => refused)).toEqual(['', ''])
  })

  it('is kept without an end where the forge names none', async () => {
    const { client, clock, answers } = startMediated()
    answers.token = () => json({ access_token: 'AT', token_type: 'Bearer' })
    await client.accessToken()
    clock.now += 1e12
    answers.token = signedOut
    expect(await client.accessToken()).toBe('AT')
  })

  it('is asked for with the scope that the page needs', async () => {
    const { client, asked } = startMediated({ scope: 'read_user api' })
    await client.accessToken()
    expect(asked()[0]?.scope).toBe('read_user api')
  })

  it('is kept in no storage and no cookie', async () => {
    const { client } = startMediated()
    await client.session()
    await client.accessToken()
    const kept = [{ ...localStorage }, { ...sessionStorage }, document.cookie, client.snapshot, client]
    expect(JSON.stringify(kept)).not.toContain('AT-1')
  })

  it.each([
    ['no session', signedOut, 'session_required'],
    ['a dead session', () => refusal('login_required', 401), 'login_required'],
    ['too wide a wish', () => refusal('scope_unavailable', 403), 'scope_unavailable'],
    ['the page of the application', () => new Response('<!doctype html>'), 'missing_access_token'],
    ['nothing', () => json({}), 'missing_access_token'],
    ['a token that is none', () => json({ access_token: 'a\nb' }), 'missing_access_token'],
  ])('is missing for %s, and asked for anew the next time', async (_, answer, code) => {
    const { client, answers, issue } = startMediated()
    answers.token = answer
    expect(await failure(client.accessToken())).toMatchObject({ code })
    answers.token = issue
    expect(await client.accessToken()).toBe('AT-1')
  })

  it('shows the session ended once the BFF says so', async () => {
    const { client, answers } = startMediated()
    await client.session()
    answers.token = signedOut
    answers.session = signedOut
    await failure(client.accessToken())
    expect(client.snapshot).toBeNull()
  })
})

describe('a mediated client whose session ends', () => {
  it('lets go of the token at its sign-out', async () => {
    const { client, answers } = startMediated()
    await client.accessToken()
    expect(await client.logout()).toEqual({ revoked: true })
    answers.token = signedOut
    expect(await failure(client.accessToken())).toMatchObject({ code: 'session_required' })
  })

  it('lets go of it even where it is believed to be signed out', async () => {
    const { client, answers } = startMediated()
    answers.session = () => json({})
    await client.session()
    await client.accessToken()
    await client.logout()
    answers.token = signedOut
    expect(await failure(client.accessToken())).toMatchObject({ code: 'session_required' })
  })

  it('lets go of it when another tab signs out, even if the BFF cannot be asked', async () => {
    const { client, open, answers } = startMediated()
    await client.session()
    await client.accessToken()
    await open().logout()
    answers.session = () => Promise.reject(new TypeError('Failed to fetch'))
    answers.token = signedOut
    await until(async () => {
      expect(await failure(client.accessToken())).toMatchObject({ code: 'session_required' })
    })
  })

  it('lets go of it once it hears that nobody is signed in', async () => {
    const { client, answers } = startMediated()
    await client.session()
    await client.accessToken()
    answers.session = () => json({})
    expect(await client.session()).toBeNull()
    answers.token = signedOut
    expect(await failure(client.accessToken())).toMatchObject({ code: 'session_required' })
  })

  it('takes no answer that was under way', async () => {
    const { client, answers, issue } = startMediated()
    let answer: (response: Response) => void = () => {}
    answers.token = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    const late = failure(client.accessToken())
    await until(() => expect(answer.length).toBe(1))
    await client.logout()
    answers.token = signedOut
    answer(issue())
    expect(await late).toMatchObject({ code: 'session_required' })
    expect(await failure(client.accessToken())).toMatchObject({ code: 'session_required' })
  })

  it('asks for a token of the new session after a sign-in, also of the same account', async () => {
    const { client } = startMediated()
    await client.session()
    expect(await client.accessToken()).toBe('AT-1')
    expect(await client.login()).toEqual(session)
    expect(await client.accessToken()).toBe('AT-2')
  })
})
