import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OAuthError } from '../../src/bff/index.ts'
import { type Answer, json } from '../client/app.ts'
import { type App, back, COOKIE_SECRET, SECRET, sealOf, sessionOf, startBff } from './app.ts'

const { console: real } = globalThis
const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const
const original = METHODS.map((method) => real[method])
const lines: string[] = []

beforeAll(() => {
  for (const method of METHODS)
    real[method] = (...words: unknown[]) => void lines.push(inspect(words, { depth: 9 }))
})
afterAll(() => {
  for (const [index, method] of METHODS.entries()) real[method] = original[index] ?? real.log
})

/** A secret as somebody may repeat it. */
const formsOf = (secret: string) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
]

/** All that an answer says, but for its own cookies. */
async function textOf(answer: Response): Promise<string> {
  const headers = [...answer.headers].filter(([name]) => name !== 'set-cookie')
  return JSON.stringify([await answer.text(), headers])
}

/** All that must not be heard of; what the forges were sent tells the verifiers and tokens. */
function secretsOf(app: App, states: readonly string[]): string[] {
  const sent = app
    .exchanges()
    .flatMap(({ body }) => [...body])
    .filter(([name]) => !/^(client_id|grant_type|redirect_uri)$/.test(name))
  const cookies = [...app.browser.jar.cookies.values()].map(({ value }) => value)
  const tokens = [
    'canary-access-1',
    'canary-access-2',
    'canary-refresh-1',
    'canary-refresh-2',
    'canary-code-1',
  ]
  return [SECRET, COOKIE_SECRET, ...tokens, ...states, ...cookies, ...sent.map(([, value]) => value)]
}

async function expectClean(
  app: App,
  { answers, states }: { answers: Response[]; states: readonly string[] },
) {
  const text = [...(await Promise.all(answers.map(textOf))), ...lines].join('\n')
  for (const secret of secretsOf(app, states)) {
    expect(secret.length).toBeGreaterThan(10)
    for (const form of formsOf(secret)) expect(text.includes(form), secret).toBe(false)
  }
  // What the tests plant anywhere has this word in it.
  expect(text).not.toContain('canary')
}

/** Says a secret in every way that an error has. */
const saying = (words: (body: URLSearchParams) => string, status = 400): Answer => {
  return async (request) => {
    const told = words(new URLSearchParams(await request.text()))
    const fields = { error: told, error_description: `No ${told}!`, error_uri: `https://x.example/${told}` }
    return json(
      { ...fields, canary: told },
      { status, headers: { 'retry-after': told, 'x-request-id': told } },
    )
  }
}
const failing: Answer = () => {
  throw new TypeError(`canary ${SECRET}`, { cause: new Error(COOKIE_SECRET) })
}
const page: Answer = ({ url }) =>
  new Response(`<h1>canary ${url}</h1>`, { status: 502, headers: { server: 'canary' } })

const CALLBACKS = {
  'a code twice': 'code=canary-code-1&code=canary-code-1&state=$',
  'a state twice': 'code=canary-code-1&state=$&state=$',
  'a code and an error': 'code=canary-code-1&error=canary-error&state=$',
  'a wrong state': 'code=canary-code-1&state=$x',
  'no state': 'code=canary-code-1',
  'a wrong issuer': 'code=canary-code-1&state=$&iss=https://canary.example',
  'an error with the state in it': 'error=$&error_description=$&error_uri=https://x.example/$&state=$',
  'a code that controls': 'code=canary-code-1%00&state=$',
  'a token': 'access_token=canary-access-1&refresh_token=canary-refresh-1&token_type=bearer&state=$',
}

describe('nothing secret is in what follows a callback with', () => {
  it.each(Object.entries(CALLBACKS))('%s', async (_, query) => {
    const app = startBff()
    await app.signIn()
    const state = await app.start()
    const address = `/auth/callback/gitlab?${query.replaceAll('$', state)}`
    const answers = [await app.finish(address), await app.finish(address)]
    await expectClean(app, { answers, states: [state] })
  })

  it.each<[string, number]>([
    ['a sign-in that has expired', 660_000],
    ['a sign-in that nobody knows any more', 1_200_000],
    ['a sign-in that succeeds, and comes again', 0],
  ])('%s', async (_, after) => {
    const app = startBff()
    const state = await app.start()
    app.clock.now += after
    const answers = [await app.finish(back('gitlab', state)), await app.finish(back('gitlab', state))]
    await expectClean(app, { answers, states: [state] })
  })
})

const ANSWERS: Record<string, Answer> = {
  'the secret repeated': saying((body) => body.get('client_secret') ?? ''),
  'the code or refresh token repeated': saying((body) => body.get('code') ?? body.get('refresh_token') ?? ''),
  'the verifier repeated': saying((body) => body.get('code_verifier') ?? 'canary'),
  'all of it repeated in base64': saying((body) => Buffer.from(`${body}`).toString('base64')),
  'an error with status 200': saying((body) => `${body}`, 200),
  'a dead grant': () => json({ error: 'invalid_grant', error_description: 'canary' }, { status: 400 }),
  'a page': page,
  'a failure of the network': failing,
  'tokens that are none': () =>
    json({ access_token: ['canary-access-1'], refresh_token: 'canary-refresh-1' }),
}

describe('nothing secret is in what follows an answer of the token endpoint with', () => {
  it.each(Object.entries(ANSWERS))('%s, at a sign-in', async (_, token) => {
    const app = startBff()
    const state = await app.start()
    app.answers.token = token
    const address = back('gitlab', state)
    const { name, value } = app.findLogin()
    const answers = [await app.finish(address)]
    app.browser.jar.plant(name, value)
    answers.push(await app.finish(address))
    await expectClean(app, { answers, states: [state, value] })
  })

  it.each(Object.entries(ANSWERS))('%s, at a refresh', async (_, token) => {
    const app = startBff()
    await app.signIn()
    const seal = sealOf(app.browser)
    app.clock.now += 7_200_000
    app.answers.token = token
    const answers = [await app.browser.send('/auth/api/gitlab/projects')]
    answers.push(await app.browser.send('/auth/session'))
    await expectClean(app, { answers, states: [seal] })
  })
})

describe('nothing secret is in the answers', () => {
  it('to somebody who is signed in, whatever works', async () => {
    const app = startBff()
    const state = await app.start()
    const answers = [await app.finish(back('gitlab', state))]
    for (const path of ['session', 'session', 'api/gitlab/projects', 'relay', 'nothing'])
      answers.push(await app.browser.send(`/auth/${path}`))
    const cookies = [...app.browser.jar.cookies.values()].map(({ value }) => value)
    app.clock.now += 7_200_000
    answers.push(await app.browser.send('/auth/api/gitlab/projects'))
    answers.push(await app.browser.send('/auth/logout', { method: 'POST' }))
    await expectClean(app, { answers, states: [state, ...cookies] })
  })

  it('while account, revocation and API fail', async () => {
    for (const answer of [failing, page, saying((body) => `${body}`)]) {
      const app = startBff()
      await app.signIn()
      Object.assign(app.answers, { user: answer, revoke: answer, api: failing })
      const answers = [await app.browser.send('/auth/session')]
      for (const path of ['projects', '%00']) answers.push(await app.browser.send(`/auth/api/gitlab/${path}`))
      const seal = sealOf(app.browser)
      answers.push(await app.browser.send('/auth/logout', { method: 'POST' }))
      await expectClean(app, { answers, states: [seal] })
    }
  })

  it('while the secret cannot be read, by an error that holds it', async () => {
    let works = true
    const client_secret = () => {
      if (works) return SECRET
      throw new OAuthError('invalid_options', { hint: SECRET })
    }
    const app = startBff({ providers: { gitlab: { client_secret } } })
    await app.signIn()
    works = false
    const browser = app.open(app.make())
    browser.jar.plant(sessionOf('gitlab'), sealOf(app.browser))
    const state = await app.start('gitlab', {}, browser)
    app.clock.now += 60_000
    const answers = [await app.finish(back('gitlab', state), browser)]
    app.clock.now += 7_200_000
    answers.push(await browser.send('/auth/api/gitlab/projects'))
    expect(answers.map(({ status }) => status)).toEqual([303, 500])
    await expectClean(app, { answers, states: [state] })
  })
})
