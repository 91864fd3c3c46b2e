import { describe, expect, it } from 'vitest'
import type { Flow, FlowContext } from '../../src/index.ts'
import { failure, json, until } from './app.ts'
import { account, refusal, session, startBff } from './bff.ts'
import { arrive } from './page.ts'

describe('the session of a BFF', () => {
  it('is unknown, then what the BFF says of this forge', async () => {
    const { client, paths, base } = startBff()
    expect(client.snapshot).toBeUndefined()
    expect(await client.session()).toEqual(session)
    expect(client.snapshot).toEqual(session)
    expect(paths()).toEqual([`GET ${base}/session`])
  })

  it.each([
    ['{}', () => json({})],
    ['that of another forge', () => json({ gitlab: session })],
    ['401', () => refusal('session_required', 401)],
    ['401 without a body', () => refusal('session_required', 401, '')],
  ])('is null for %s', async (_, answer) => {
    const { client, answers } = startBff()
    answers.session = answer
    expect(await client.session()).toBeNull()
    expect(client.snapshot).toBeNull()
  })

  it('stays one object while nothing changes, and tells nobody', async () => {
    const { client } = startBff()
    let heard = 0
    const stop = client.subscribe(() => {
      heard += 1
    })
    const first = await client.session()
    expect(await client.session()).toBe(first)
    expect(client.snapshot).toBe(first)
    expect(heard).toBe(1)
    stop()
    await client.logout()
    expect(client.snapshot).toBeNull()
    expect(heard).toBe(1)
  })

  it.each([
    ['nothing', () => Promise.reject(new TypeError('Failed to fetch')), 'network_error', ''],
    [
      'the page of the application',
      () => new Response('<!doctype html>'),
      'invalid_json',
      'No BFF answers at',
    ],
    ['a page of a server', () => new Response('<h1>404', { status: 404 }), 'bad_status', 'No BFF answers at'],
    [
      'JSON of a gateway',
      () => json({ message: 'down' }, { status: 502 }),
      'bad_status',
      'No BFF answers at',
    ],
    ['its own error', () => refusal('server_error', 500), 'server_error', 'Do this.'],
  ])('is as it was when %s answers', async (_, answer, code, hint) => {
    const { client, answers } = startBff()
    await client.session()
    answers.session = answer
    const error = await failure(client.session())
    expect(error.code).toBe(code)
    expect(error.hint).toContain(hint)
    expect(client.snapshot).toEqual(session)
  })
})

describe('signing in by way of a BFF', () => {
  it('leaves for its login route, with the page to come back to, and asks for the session', async () => {
    arrive('/here?a=%20b#c')
    const { client, gone, paths, base } = startBff()
    expect(await client.login()).toEqual(session)
    expect(gone[0]?.pathname).toBe(`${base}/login/gitkraken`)
    expect(gone[0]?.searchParams.get('return_to')).toBe(`${location.origin}/here?a=%20b#c`)
    await client.login({ return_to: '/there' })
    expect(gone[1]?.searchParams.get('return_to')).toBe('/there')
    expect(paths()).toEqual([`GET ${base}/session`, `GET ${base}/session`])
  })

  it('gives the flow its relay page, the signal and a way to tell subscribers', async () => {
    const seen: FlowContext[] = []
    const flow: Flow = async (_, context) => {
      seen.push(context)
      context.notify?.('maybe_closed')
      return new URL(`${location.origin}/relay`)
    }
    const { client, base } = startBff({ flow })
    const heard: unknown[] = []
    client.subscribe((event) => heard.push(event))
    const signal = AbortSignal.timeout(9999)
    await client.login({ signal })
    expect(seen).toMatchObject([{ redirect_uri: `${location.origin}${base}/relay`, signal }])
    expect(seen[0]?.state).toBeUndefined()
    expect(heard).toEqual(['maybe_closed', undefined])
  })

  it('rejects with the error that the relay page brings', async () => {
    const { client, comeBack, sent } = startBff()
    comeBack(`${location.origin}/auth/relay?state=S&forgepass_error=authorization_error`)
    expect(await failure(client.login())).toMatchObject({ code: 'authorization_error' })
    expect(sent).toEqual([])
  })

  it('rejects where the BFF knows of no session afterwards', async () => {
    const { client, answers } = startBff()
    answers.session = () => json({})
    expect(await failure(client.login())).toMatchObject({ code: 'login_required' })
  })
})

describe('the address that a BFF leads back to', () => {
  it.each([
    ['?forgepass_error=state_replayed', ''],
    ['?a=%20b&c=d+e&forgepass_error=state_replayed#hash', '?a=%20b&c=d+e#hash'],
    ['?a&&b=%zz&forgepass_error=state_replayed', '?a&&b=%zz'],
    ['?forgepass_error=csrf&forgepass_error=state_replayed', ''],
  ])('%s is taken out, and the app’s own query left as it is', async (query, rest) => {
    const { client } = startBff()
    arrive(`/page${query}`)
    history.replaceState({ kept: 1 }, '')
    const { length } = history
    expect(await failure(client.callback())).toMatchObject({ code: 'state_replayed' })
    expect(location.href).toBe(`${location.origin}/page${rest}`)
    expect(history.state).toEqual({ kept: 1 })
    expect(history).toHaveLength(length)
    await new Promise((resolve) => setTimeout(resolve))
    expect(await client.callback()).toBeUndefined()
  })

  it('is told to each of two calls in a row, as React’s StrictMode makes them', async () => {
    const { client } = startBff()
    arrive('/page?forgepass_error=user_cancelled')
    const both = [client.callback(), client.callback()]
    for (const one of both) expect(await failure(one)).toMatchObject({ code: 'user_cancelled' })
    await new Promise((resolve) => setTimeout(resolve))
    expect(await client.callback()).toBeUndefined()
  })

  it.each([
    '',
    '?q=forgepass_error',
    '?x_forgepass_error=state_replayed',
    '?forgepass_error=Call+555-0100',
    '?forgepass_error=your_account_is_locked_call_us',
    '?forgepass_error=',
    '#forgepass_error=state_replayed',
  ])('%s is no error of the BFF', async (query) => {
    const { client, sent } = startBff()
    arrive(`/page${query}`)
    const { href } = location
    expect(await client.callback()).toBeUndefined()
    expect(location.href).toBe(href)
    expect(sent).toEqual([])
  })
})

describe('signing out of a BFF', () => {
  it('ends the session of this forge, here and in other tabs', async () => {
    const { client, open, answers, paths, base } = startBff()
    const other = open()
    await client.session()
    await other.session()
    answers.session = () => json({})
    expect(await client.logout()).toEqual({ revoked: true })
    expect(client.snapshot).toBeNull()
    expect(paths()).toContain(`POST ${base}/logout?provider=gitkraken`)
    await until(() => expect(other.snapshot).toBeNull())
  })

  it('says that nothing was revoked where nobody was signed in', async () => {
    const { client, answers } = startBff()
    answers.logout = () => new Response(null, { status: 204 })
    expect(await client.logout()).toEqual({ revoked: false })
  })

  it('rejects, and stays signed in, where the BFF cannot be reached', async () => {
    const { client, answers } = startBff()
    await client.session()
    answers.logout = () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await failure(client.logout())).toMatchObject({ code: 'network_error' })
    expect(client.snapshot).toEqual(session)
  })

  it('is not undone by what was asked before it', async () => {
    const { client, answers } = startBff()
    let answer: (response: Response) => void = () => {}
    answers.session = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    const late = client.session()
    await client.logout()
    answer(json({ gitkraken: session }))
    expect(await late).toBeNull()
    expect(client.snapshot).toBeNull()
  })

  it('tells the other tabs of a new sign-in, too', async () => {
    const { client, open, answers } = startBff()
    const other = open()
    answers.session = () => json({})
    expect(await other.session()).toBeNull()
    answers.session = () => json({ gitkraken: session })
    await client.login()
    await until(() => expect(other.snapshot?.account).toEqual(account))
  })
})
