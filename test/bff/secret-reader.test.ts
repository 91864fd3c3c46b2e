import { describe, expect, it } from 'vitest'
import { json } from '../client/app.ts'
import { type App, back, type Changes, leadsTo, SECRET, startBff } from './app.ts'
import { CASES, type Case, startForge } from './forges.ts'

const RESET = 'canary-client-secret-2'
const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time))

/** A BFF that reads the secret of one forge from where it is kept. */
function startReader(name: 'gitlab' | 'gitea', changes: Changes = {}) {
  const vault = { secret: SECRET as unknown, reads: 0 }
  const client_secret = async () => {
    vault.reads += 1
    return vault.secret as string
  }
  const app = startBff({ ...changes, providers: { [name]: { client_secret } } })
  /** Comes back with a code, in a browser of its own. */
  const comeBack = async (code = 'canary-code-1') => {
    const browser = app.open()
    const state = await app.start(name, {}, browser)
    return leadsTo(await app.finish(back(name, state, { code }), browser))
  }
  return { ...app, vault, comeBack }
}

/** A forge that takes one secret only. */
const taking =
  (app: App, secret: string): App['answers']['token'] =>
  async (request) => {
    const sent = new URLSearchParams(await request.clone().text()).get('client_secret')
    return sent === secret ? app.issue(request) : json({ error: 'invalid_client' }, { status: 401 })
  }

describe('a reader that gives no secret', () => {
  it.each<[string, unknown]>([
    ['bytes', new TextEncoder().encode(SECRET)],
    ['an object', { secret: SECRET }],
    ['an object of text', new String(SECRET)],
    ['a list', [SECRET]],
    ['a number', 1234567890],
    ['true', true],
    ['null', null],
    ['text with a line end', `${SECRET}\n`],
    ['text that is too short', 'canary7'],
    ['an example', 'your-client-secret'],
  ])('but %s is server_error, and nothing is sent', async (_, secret) => {
    const app = startReader('gitlab')
    app.vault.secret = secret
    expect(await app.comeBack()).toBe('/?forgepass_error=server_error')
    expect(app.sent).toEqual([])
    app.vault.secret = SECRET
    expect(await app.comeBack()).toBe('/')
  })

  it('for one that is refused leaves the one there was', async () => {
    const app = startReader('gitlab')
    expect(await app.comeBack()).toBe('/')
    app.vault.secret = { secret: RESET }
    app.answers.token = taking(app, RESET)
    expect(await app.comeBack()).toBe('/?forgepass_error=token_endpoint_error')
    expect(app.exchanges().map(({ body }) => body.get('client_secret'))).toEqual([SECRET, SECRET])
  })
})

describe('a secret that is refused', () => {
  it('is read again every ten seconds at most while it is the same, whoever comes with made-up codes', async () => {
    const app = startReader('gitea')
    app.answers.token = () => json({ error: 'unauthorized_client' }, { status: 400 })
    for (let code = 0; code < 20; code += 1) await app.comeBack(`made-up-${code}`)
    expect(app.vault.reads).toBe(2)
    app.clock.now += 9_999
    await app.comeBack('made-up')
    expect(app.vault.reads).toBe(2)
    app.clock.now += 1
    app.vault.secret = RESET
    app.answers.token = taking(app, RESET)
    expect(await app.comeBack()).toBe('/')
    expect(app.vault.reads).toBe(3)
  })

  it('is read again as rarely where that fails', async () => {
    const app = startReader('gitea')
    expect(await app.comeBack()).toBe('/')
    app.answers.token = () => json({ error: 'unauthorized_client' }, { status: 400 })
    app.vault.secret = undefined
    for (let code = 0; code < 5; code += 1) await app.comeBack(`made-up-${code}`)
    expect(app.vault.reads).toBe(2)
  })

  it('is read again at once where the last reading gave another', async () => {
    const app = startReader('gitlab')
    expect(await app.comeBack()).toBe('/')
    for (const secret of [RESET, SECRET, RESET]) {
      app.vault.secret = secret
      app.answers.token = taking(app, secret)
      expect(await app.comeBack()).toBe('/')
    }
    expect(app.vault.reads).toBe(4)
  })

  it('takes no more time in all than one answer may take', async () => {
    const app = startReader('gitlab', { timeout: 400 })
    expect(await app.comeBack()).toBe('/')
    app.answers.token = async (request) => {
      await wait(300)
      return taking(app, 'canary-client-secret-3')(request)
    }
    const start = performance.now()
    app.vault.secret = wait(50).then(() => RESET)
    expect(await app.comeBack()).toBe('/?forgepass_error=timeout')
    expect(performance.now() - start).toBeLessThan(550)
    expect(app.exchanges()).toHaveLength(3)
  })

  it('is read again for a sign-out', async () => {
    const app = startReader('gitlab')
    await app.signIn()
    app.vault.secret = RESET
    app.answers.revoke = taking(app, RESET)
    const answer = await app.browser.send('/auth/logout', { method: 'POST' })
    expect(await answer.json()).toEqual({ revoked: true })
    expect(app.revocations().map(({ body }) => body.get('client_secret'))).toEqual([
      SECRET,
      SECRET,
      RESET,
      RESET,
    ])
  })

  it('is not repeated in a sign-out while it is the same', async () => {
    const app = startReader('gitlab')
    await app.signIn()
    app.answers.revoke = taking(app, RESET)
    const answer = await app.browser.send('/auth/logout', { method: 'POST' })
    expect(await answer.json()).toEqual({ revoked: false })
    expect(app.revocations()).toHaveLength(2)
  })
})

it('a refresh that carries no secret is neither held up nor repeated for one', async () => {
  const vault = { secret: SECRET, reads: 0 }
  const app = startForge(CASES.GitCode as Case, {
    client_secret: () => {
      vault.reads += 1
      return vault.secret
    },
  })
  await app.signIn()
  vault.secret = RESET
  app.clock.now += 3_600_000
  const before = app.tokenRequests().length
  const { fetch } = app.forge
  Object.assign(app.forge, { fetch: async () => json({ error: 'invalid_client' }, { status: 401 }) })
  expect((await app.call()).headers.get('forgepass-error')).toBe('login_required')
  expect(app.tokenRequests()).toHaveLength(before + 1)
  expect(vault.reads).toBe(1)
  Object.assign(app.forge, { fetch })
})
