import { describe, expect, it } from 'vitest'
import { json } from '../client/app.ts'
import { back, leadsTo, ORIGIN, until } from './app.ts'
import { expectKept, NONE, type PasteApp, startPaste } from './paste-app.ts'

const refuseCode = () => json({ error: 'invalid_grant' }, { status: 400 })

/** Everything that a person may paste, or a forge answer to it, that counts as wrong. */
const WRONG: Record<string, { text: unknown; token?: () => Response; code: string }> = {
  nothing: { text: '', code: 'malformed_response' },
  'white space': { text: ' \n ', code: 'malformed_response' },
  'no text': { text: 7, code: 'malformed_response' },
  'what cannot be printed': { text: 'a\nb', code: 'malformed_response' },
  'what is too long': { text: 'x'.repeat(8193), code: 'malformed_response' },
  'a script': { text: 'javascript:alert(1)', code: 'redirect_uri_mismatch' },
  'a foreign address': { text: 'https://evil.example/?code=a&state=$', code: 'redirect_uri_mismatch' },
  'a foreign state': { text: `${ORIGIN}/auth/callback/gitlab?code=a&state=x`, code: 'state_mismatch' },
  'a denial': {
    text: `${ORIGIN}/auth/callback/gitlab?error=access_denied&state=$`,
    code: 'authorization_error',
  },
  'a code that the forge refuses': { text: 'a', token: refuseCode, code: 'token_endpoint_error' },
  'a code that it refuses with 200': {
    text: 'a',
    token: () => json({ error: 'bad_verification_code' }),
    code: 'token_endpoint_error',
  },
  'a code that it refuses without a word': {
    text: 'a',
    token: () => new Response('', { status: 404 }),
    code: 'bad_status',
  },
  'a code that it refuses with a page': {
    text: 'a',
    token: () => new Response('<h1>Wrong code', { headers: { 'content-type': 'text/html' } }),
    code: 'unexpected_content_type',
  },
  'a code that it refuses with words alone': {
    text: 'a',
    token: () => json({ message: 'wrong code' }),
    code: 'missing_access_token',
  },
  'a code that it refuses with an error that is no text': {
    text: 'a',
    token: () => json({ error: {} }),
    code: 'missing_access_token',
  },
  'a code that it answers with nonsense': { text: 'a', token: () => json([]), code: 'not_object' },
}

/** Everything that says nothing of what was pasted. */
const FAULTS: Record<string, { token: () => Response | Promise<Response>; code: string }> = {
  'is away': { token: () => Promise.reject(new TypeError('fetch failed')), code: 'network_error' },
  'is down': { token: () => new Response('<h1>502', { status: 502 }), code: 'bad_status' },
  'is down in its own words': {
    token: () => json({ error: 'temporarily_unavailable' }, { status: 503 }),
    code: 'token_endpoint_error',
  },
  'is busy': { token: () => json({ error: 'slow_down' }, { status: 429 }), code: 'token_endpoint_error' },
  'refuses the secret': {
    token: () => json({ error: 'invalid_client' }, { status: 401 }),
    code: 'token_endpoint_error',
  },
}

/** Three different wrong codes, refused by the forge. */
async function burn({ answers, issue, paste }: PasteApp) {
  answers.token = refuseCode
  for (const code of ['a', 'b', 'c']) await paste(code)
  answers.token = issue
}

describe('a wrong paste', () => {
  it.each(Object.entries(WRONG))('counts if it is %s, and the third is the last', async (_, wrong) => {
    const app = startPaste()
    const state = await app.startManual()
    if (wrong.token) app.answers.token = wrong.token
    const text = typeof wrong.text === 'string' ? wrong.text.replace('$', state) : wrong.text
    for (const left of [2, 1, 0]) {
      const answer = await app.paste(text)
      expect(await app.refusal(answer)).toEqual([400, wrong.code, left])
      expect(answer.headers.getSetCookie()).toHaveLength(left ? 0 : 1)
    }
    expect(app.exchanges()).toHaveLength(wrong.token ? 3 : 0)
    expect(app.logins()).toEqual([])
    app.answers.token = app.issue
    expect(await app.refusal(await app.paste('canary-code-1'))).toEqual(NONE)
    expect(app.exchanges()).toHaveLength(wrong.token ? 3 : 0)
  })

  it('leaves two more, of any kind', async () => {
    const app = startPaste()
    await app.startManual()
    app.answers.token = refuseCode
    await app.paste('a')
    await app.paste('javascript:alert(1)')
    app.answers.token = app.issue
    await expectKept(app)
  })

  it('leaves the sign-in to the callback, too', async () => {
    const app = startPaste()
    const state = await app.startManual()
    await app.paste('')
    expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
  })

  it('leaves the session there is', async () => {
    const app = startPaste()
    await app.signIn()
    const before = app.seal()
    await app.startManual()
    await burn(app)
    expect(app.seal()).toBe(before)
    expect(await app.isSignedIn()).toBe(true)
  })

  it('ends with the third also for who has copied the cookie, by paste and by callback', async () => {
    const app = startPaste()
    const state = await app.startManual()
    const { name, value } = app.findLogin()
    await burn(app)
    const cookie = `${name}=${value}`
    const again = await app.paste('canary-code-1', { cookie })
    expect(await app.refusal(again)).toEqual(NONE)
    expect(again.headers.getSetCookie()).toHaveLength(1)
    const from = 'cross-site navigation'
    const address = back('gitlab', state)
    expect(leadsTo(await app.browser.send(address, { from, cookie }))).toContain('state_replayed')
    app.clock.now += 1_190_000
    expect(await app.refusal(await app.paste('canary-code-1', { cookie }))).toEqual(NONE)
    expect(app.exchanges()).toHaveLength(3)
  })

  it('counts for one sign-in: the next has three again', async () => {
    const app = startPaste()
    await app.startManual()
    await burn(app)
    await app.startManual()
    expect(await app.refusal(await app.paste(''))).toEqual([400, 'malformed_response', 2])
    await expectKept(app)
  })

  it('says nothing of what was pasted, nor of the secret', async () => {
    const app = startPaste()
    const state = await app.startManual()
    app.answers.token = () =>
      json({ error: 'invalid_grant', error_description: 'canary-code-9' }, { status: 400 })
    for (const text of [
      'canary-code-9',
      'canary:code-9',
      `${ORIGIN}/auth/callback/gitlab?code=canary-code-9`,
    ]) {
      const answer = await app.paste(text)
      const said = (await answer.text()) + JSON.stringify([...answer.headers])
      expect(said).not.toContain('canary')
      expect(said).not.toContain(state.slice(20))
    }
  })
})

describe('a forge at fault', () => {
  it.each(Object.entries(FAULTS))('that %s costs no try', async (_, { token, code }) => {
    const app = startPaste()
    await app.startManual()
    app.answers.token = token
    for (let turn = 0; turn < 5; turn += 1) {
      const [status, error, left] = await app.refusal(await app.paste('canary-code-1'))
      expect([error, left]).toEqual([code, 3])
      expect(status).toBeGreaterThan(499)
    }
    app.answers.token = app.issue
    await expectKept(app)
  })

  it('that does not answer in time costs none', async () => {
    const app = startPaste({ timeout: 20 })
    await app.startManual()
    app.answers.token = () => new Promise(() => {})
    expect(await app.refusal(await app.paste('canary-code-1'))).toEqual([504, 'timeout', 3])
  })

  it('leaves the tries as they were', async () => {
    const app = startPaste()
    await app.startManual()
    await app.paste('')
    app.answers.token = () => new Response('', { status: 500 })
    expect(await app.refusal(await app.paste('canary-code-1'))).toEqual([502, 'bad_status', 2])
  })

  it('that gives too little for the app ends the sign-in: the code is used up', async () => {
    const app = startPaste({ providers: { gitlab: { scope: 'read_user api', requiredScope: 'api' } } })
    await app.startManual()
    expect((await app.refusal(await app.paste('canary-code-1'))).slice(1)).toEqual(['scope_insufficient', 0])
    await until(() => expect(app.revocations()).not.toEqual([]))
    expect(await app.refusal(await app.paste('canary-code-1'))).toEqual(NONE)
  })
})
