import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { OAuthError } from '../../src/index.ts'
import { type Answer, failure, json, startApp } from './app.ts'

/** A code with characters that look different in every encoding. */
const CODE = 'canary/code+one?='
const ACCESS = 'canary-access/token+1='
const REFRESH = 'canary-refresh/token+2='

/** How a server may repeat what it was sent. */
const encodings: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  'url-encoded': encodeURIComponent,
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
}
const forms = (secret: string) => Object.values(encodings).map((encode) => encode(secret))

/** Everything in which an error could show something. */
function textOf(error: OAuthError): string {
  const fields = Object.getOwnPropertyNames(error).map((name) => Reflect.get(error, name))
  const parts = [error.message, error.stack, error, `${error}`, error.cause, ...fields]
  return parts
    .map((part) => `${JSON.stringify(part)}\n${inspect(part, { depth: 9, showHidden: true })}\n${part}`)
    .join('\n')
}

function expectClean(error: OAuthError, secrets: Record<string, string>) {
  const text = textOf(error)
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(10)
    for (const form of forms(secret)) expect(text.includes(form), `${name} in ${error.code}`).toBe(false)
  }
}

/** Starts a sign-in and gives all that must stay secret. */
async function start() {
  const app = startApp()
  const request = await app.start()
  const state = request.get('state') ?? ''
  const [transaction] = [...app.transactions.values()] as [{ code_verifier: string }]
  return {
    ...app,
    request,
    secrets: { code: CODE, state, verifier: transaction.code_verifier, ACCESS, REFRESH },
  }
}

describe('security 95: an error, as text, as JSON and as the console shows it', () => {
  const responses: Record<string, (state: string) => string> = {
    'H2: a code twice': (state) => `?code=${CODE}&code=${encodeURIComponent(CODE)}&state=${state}`,
    'H3: a state twice': (state) => `?code=${CODE}&state=${state}&state=${state}`,
    'H4: a mixed response': (state) => `?code=${CODE}&state=${state}#access_token=${ACCESS}&state=${state}`,
    'H5: a code with an error': (state) => `?code=${CODE}&error=${CODE}&state=${state}`,
    'H6: a wrong state': (state) => `?code=${encodeURIComponent(CODE)}&state=${state}x`,
    'H7: no state': () => `?code=${encodeURIComponent(CODE)}`,
    'H10: a wrong issuer': (state) =>
      `?code=${encodeURIComponent(CODE)}&state=${state}&iss=https://evil.example`,
    'H16: a code with control characters': (state) => `?code=${encodeURIComponent(CODE)}%00&state=${state}`,
    'H18: a code in the fragment': (state) => `#code=${encodeURIComponent(CODE)}&state=${state}`,
    'H19: a token': (state) => `#access_token=${ACCESS}&refresh_token=${REFRESH}&token_type=b&state=${state}`,
  }
  for (const [name, callback] of Object.entries(responses)) {
    it(`holds no secret after ${name}`, async () => {
      const { client, redirect_uri, secrets } = await start()
      const error = await failure(client.callback(redirect_uri + callback(secrets.state)))
      // A longer state would hide the one that counts.
      expectClean(error, secrets)
    })
  }

  for (const [name, encode] of Object.entries(encodings)) {
    it(`holds no state that an authorization error repeats ${name}`, async () => {
      const { client, redirect_uri, secrets } = await start()
      const words = encode(secrets.state)
      const fields = {
        error: words,
        error_description: `No ${words}!`,
        error_uri: `https://x.example/${words}`,
      }
      const address = `${redirect_uri}?${new URLSearchParams({ ...fields, state: secrets.state })}`
      expectClean(await failure(client.callback(address)), secrets)
    })
  }

  it('holds no state, expired or replayed', async () => {
    const { client, clock, back, request, secrets } = await start()
    clock.now += 660_000
    const address = back(request, { code: CODE })
    for (let turn = 0; turn < 2; turn += 1) expectClean(await failure(client.callback(address)), secrets)
  })

  /** What a server could say of a secret it was sent, by the form it says it in. */
  const saying = (words: string, status: number, more: object = {}): Answer => {
    const told = {
      error: words,
      error_description: `Bad: ${words}.`,
      error_uri: `https://x.example/${words}`,
    }
    return () => json({ ...told, ...more }, { status })
  }

  for (const secret of ['code', 'verifier', 'state'] as const) {
    for (const [name, encode] of Object.entries(encodings)) {
      it(`holds no ${secret} that the token endpoint repeats ${name}`, async () => {
        const { client, answers, back, request, secrets } = await start()
        answers.token = saying(encode(secrets[secret]), 400)
        const error = await failure(client.callback(back(request, { code: CODE })))
        expect(error.code).toBe('token_endpoint_error')
        expectClean(error, secrets)
      })
    }
  }

  it('holds no token that stands next to the error, and in it', async () => {
    const tokens = { access_token: ACCESS, refresh_token: REFRESH, token_type: 'bearer' }
    for (const words of [ACCESS, REFRESH]) {
      const { client, answers, back, request, secrets } = await start()
      answers.token = saying(words, 200, tokens)
      expectClean(await failure(client.callback(back(request, { code: CODE }))), secrets)
    }
  })

  const broken: Record<string, Answer> = {
    H21: () => json({ access_token: ACCESS, refresh_token: REFRESH }),
    H23: () => json({ access_token: ACCESS, refresh_token: REFRESH, token_type: ACCESS }),
    H27: () => json({ access_token: ACCESS, token_type: 'bearer', expires_in: ACCESS }),
    H30: () => json({ access_token: `${ACCESS}\n`, token_type: 'bearer' }),
    H36: () =>
      new Response(JSON.stringify({ access_token: ACCESS }), { headers: { 'content-type': 'text/plain' } }),
    H37: () =>
      new Response(`<p>${CODE} ${ACCESS}`, {
        status: 502,
        headers: { 'content-type': `text/${CODE.slice(0, 6)}` },
      }),
    H40: () =>
      new Response(`{"access_token":"${ACCESS}`, { headers: { 'content-type': 'application/json' } }),
    H42: () => json([ACCESS, REFRESH]),
    network: () => {
      throw new TypeError(`Failed to fetch ${CODE} ${ACCESS}`, { cause: new Error(CODE) })
    },
  }
  for (const [name, answer] of Object.entries(broken)) {
    it(`holds no secret after ${name}`, async () => {
      const { client, answers, back, request, secrets } = await start()
      answers.token = answer
      expectClean(await failure(client.callback(back(request, { code: CODE }))), secrets)
    })
  }

  for (const [name, encode] of Object.entries(encodings)) {
    it.each([
      ['refresh token', REFRESH],
      ['access token', ACCESS],
    ])(`holds no %s that a refusal to refresh repeats ${name}`, async (_, secret) => {
      const app = startApp()
      app.answers.token = () =>
        json({ access_token: ACCESS, refresh_token: REFRESH, token_type: 'bearer', expires_in: 60 })
      await app.client.callback(app.back(await app.start(), { code: CODE }))
      app.clock.now += 120_000
      for (const [status, error] of [
        [500, 'server_error'],
        [400, 'invalid_grant'],
      ] as const) {
        app.answers.token = () => json({ error, error_description: `Bad: ${encode(secret)}.` }, { status })
        expectClean(await failure(app.client.accessToken()), { ACCESS, REFRESH })
      }
    })
  }

  it('holds no token after an API that wants another', async () => {
    const app = startApp()
    await app.signIn()
    app.answers.rest = ({ headers }) => json({ message: headers.get('authorization') }, { status: 401 })
    expectClean(await failure(app.client.fetch('projects')), { token: 'Bearer AT-1', next: 'Bearer AT-2' })
    const named = await failure(app.client.fetch(`https://evil.example/?private_token=${ACCESS}`))
    expectClean(named, { ACCESS })
  })
})

describe('security 95: a session and the state of a client', () => {
  it('hold no token', async () => {
    const app = startApp()
    app.answers.token = () => json({ access_token: ACCESS, refresh_token: REFRESH, token_type: 'bearer' })
    const done = await app.client.callback(app.back(await app.start(), { code: CODE }))
    const shown = [done, app.client.snapshot, await app.client.session(), app.client, app.shown]
    const text = shown
      .map((part) => JSON.stringify(part) + inspect(part, { depth: 9, showHidden: true }))
      .join()
    for (const secret of [ACCESS, REFRESH, CODE]) {
      for (const form of forms(secret)) expect(text).not.toContain(form)
    }
    expect(done?.session.scope).toBe('read_user')
  })
})
