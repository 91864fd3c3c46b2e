import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OAuthError } from '../../src/index.ts'
import { failure, json } from './app.ts'
import { patience, runs } from './arbitrary.ts'
import { refusal, startBff } from './bff.ts'

describe('fetch by way of a BFF', () => {
  it('asks below its API route, as the app says', async () => {
    const { client, sent, paths, base } = startBff()
    const response = await client.fetch('boards?fields=name', { method: 'POST', body: 'x' })
    expect(await response.json()).toEqual([1])
    expect(paths()).toEqual([`POST ${base}/api/gitkraken/boards?fields=name`])
    expect(await sent[0]?.text()).toBe('x')
  })

  it('follows an address of its own route, as links of an answer are', async () => {
    const { client, paths, base } = startBff()
    for (const origin of [location.origin, ''])
      await client.fetch(`${origin}${base}/api/gitkraken/boards?page=2`)
    expect(paths()).toEqual(Array(2).fill(`GET ${base}/api/gitkraken/boards?page=2`))
  })

  it('says in every request that this page asks, whatever else the app puts in', async () => {
    const { client, sent } = startBff()
    await client.session()
    await client.fetch('boards', { headers: { 'forgepass-csrf': '0', accept: 'text/csv' } })
    await client.logout()
    expect(sent.map(({ headers }) => headers.get('forgepass-csrf'))).toEqual(['1', '1', '1'])
    expect(sent[1]?.headers.get('accept')).toBe('text/csv')
    expect(sent.map(({ headers }) => headers.has('authorization'))).toEqual([false, false, false])
  })

  it.each([
    'https://evil.example/',
    '//evil.example/x',
    '\\\\evil.example/x',
    '/boards',
    '../session',
    '../../session',
    'a/../../../logout',
    '%2e%2e/session',
    '..\\session',
    '\t../session',
    'https://',
    'http://[',
    'javascript:alert(1)',
    'data:,x',
  ])('refuses %j without a request', async (path) => {
    const { client, sent } = startBff()
    expect(await failure(client.fetch(path))).toMatchObject({ code: 'resource_not_allowed' })
    expect(sent).toEqual([])
  })

  it('never leaves its API route', { timeout: patience }, async () => {
    const { client, sent, base } = startBff()
    const part = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '//',
      'x',
      '@',
      ':',
      '?',
      '#',
      '\t',
      'https:',
    )
    const path = fc.oneof(
      fc.array(part).map((parts) => parts.join('')),
      fc.string(),
      fc.webUrl(),
    )
    await fc.assert(
      fc.asyncProperty(path, async (text) => {
        const error = await client.fetch(text).catch((reason: OAuthError) => reason)
        if (!(error instanceof Response)) expect(error).toMatchObject({ code: 'resource_not_allowed' })
        const prefix = `${location.origin}${base}/api/gitkraken/`
        for (const { url } of sent.splice(0)) expect(url.startsWith(prefix)).toBe(true)
      }),
      runs,
    )
  })

  it('gives the forge’s own errors as answers', async () => {
    const { client, answers } = startBff()
    await client.session()
    answers.api = () => json({ message: 'unauthorized' }, { status: 401 })
    expect((await client.fetch('boards')).status).toBe(401)
    expect(client.snapshot).not.toBeNull()
  })

  it('rejects with the errors of the BFF', async () => {
    const { client, answers } = startBff()
    answers.api = () => refusal('timeout', 504)
    expect(await failure(client.fetch('boards'))).toMatchObject({
      code: 'timeout',
      status: 504,
      hint: 'Do this.',
    })
    answers.api = () =>
      new Response(null, { status: 405, headers: { 'forgepass-error': 'method_not_allowed' } })
    expect(await failure(client.fetch('boards', { method: 'HEAD' }))).toMatchObject({
      code: 'method_not_allowed',
    })
  })

  it('shows the session ended once the BFF says so', async () => {
    const { client, answers } = startBff()
    await client.session()
    answers.api = () => refusal('session_required', 401)
    answers.session = () => refusal('session_required', 401)
    const heard: unknown[] = []
    client.subscribe(() => heard.push(client.snapshot))
    expect(await failure(client.fetch('boards'))).toMatchObject({ code: 'session_required', status: 401 })
    expect(client.snapshot).toBeNull()
    expect(heard).toEqual([null])
  })

  it('asks the BFF before it believes that a session has ended', async () => {
    const { client, answers } = startBff()
    const signedIn = await client.session()
    answers.api = () => refusal('session_required', 401)
    expect(await failure(client.fetch('boards'))).toMatchObject({ code: 'session_required' })
    expect(client.snapshot).toBe(signedIn)
  })

  it('leaves it to the app what it has aborted', async () => {
    const { client, answers } = startBff()
    const abort = new AbortController()
    answers.api = ({ signal }) => {
      abort.abort()
      return Promise.reject(signal.reason)
    }
    await expect(client.fetch('boards', { signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
    answers.api = () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await failure(client.fetch('boards'))).toMatchObject({ code: 'network_error' })
  })
})
