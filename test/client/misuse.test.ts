import { afterEach, describe, expect, it } from 'vitest'
import type { Client, ClientOptions } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { type Changes, failure, findPlace, json, startApp, until } from './app.ts'

const HOUR = 3_600_000

describe('a fetch that throws at once', () => {
  const fetch = () => {
    throw new TypeError('Not in this worker.')
  }

  it('fails the sign-in by name', async () => {
    const app = startApp({ fetch })
    const error = await failure(app.client.callback(app.back(await app.start())))
    expect(error).toMatchObject({ code: 'network_error' })
  })

  it('fails a refresh by name and keeps the session', async () => {
    const app = startApp()
    await app.signIn()
    app.clock.now += 2 * HOUR
    expect(await failure(app.open({ fetch }).accessToken())).toMatchObject({ code: 'network_error' })
    expect(await app.client.accessToken()).toBe('AT-2')
  })

  it('does not keep logout from signing out here', async () => {
    const app = startApp()
    await app.signIn()
    const client = app.open({ fetch })
    expect(await client.logout()).toEqual({ revoked: false })
    expect(await client.session()).toBeNull()
  })
})

describe('a fetch that does not end', () => {
  const endless: [string, typeof fetch][] = [
    ['ignores the signal', () => new Promise(() => {})],
    ['has a body without end', async () => new Response(new ReadableStream())],
  ]
  it.each(endless)('is given up after the timeout if it %s', async (_, fetch) => {
    const app = startApp({ timeout: 20, fetch })
    const error = await failure(app.client.callback(app.back(await app.start())))
    expect(error).toMatchObject({ code: 'timeout' })
  })

  it('is given up too if it waits for the token that it is to bring', async () => {
    const app = startApp()
    await app.signIn()
    app.clock.now += 2 * HOUR
    const fetch: typeof globalThis.fetch = async (input, init) => {
      await client.accessToken()
      return app.fetch(input, init)
    }
    const client: Client = app.open({ timeout: 20, fetch })
    expect(await failure(client.accessToken())).toMatchObject({ code: 'timeout' })
    expect(await app.client.accessToken()).toBe('AT-2')
  })
})

describe('an option given as undefined', () => {
  const options: (keyof ClientOptions)[] = [
    'exactScope',
    'flow',
    'lock',
    'name',
    'navigate',
    'now',
    'requiredScope',
    'resources',
    'scope',
    'storage',
    'strictIssuer',
    'timeout',
  ]
  it.each(options)('is as good as none: %s', async (option) => {
    const app = startApp()
    const client = app.open({ [option]: undefined })
    const request = await app.start({}, option === 'flow' ? app.client : client)
    expect(await client.callback(app.back(request))).toMatchObject({ session: { scope: 'read_user' } })
    expect(await client.accessToken()).toBe('AT-1')
    expect(await client.logout()).toEqual({ revoked: true })
  })

  it('is capped: a timeout without end still lets the session be revoked', async () => {
    const app = startApp({ timeout: Number.POSITIVE_INFINITY })
    await app.signIn()
    expect(await app.client.logout()).toEqual({ revoked: true })
  })

  it('is as good as none: fetch', async () => {
    const provider: Changes['provider'] = ({ base }) => {
      const { account: _, ...rest } = gitlab({ base })
      return { ...rest, token_endpoint: 'data:application/json,{"access_token":"AT","token_type":"bearer"}' }
    }
    const app = startApp({ provider, fetch: undefined } as object)
    expect(await app.client.callback(app.back(await app.start()))).toBeDefined()
    expect(await app.client.accessToken()).toBe('AT')
  })
})

describe('a revocation endpoint that is no address', () => {
  const provider: Changes['provider'] = ({ base }) => ({
    ...gitlab({ base }),
    revocation_endpoint: 'no address',
  })

  it('is never confirmed, and fails nothing', async () => {
    const app = startApp({ provider })
    await app.signIn()
    expect(await app.client.logout()).toEqual({ revoked: false })
    expect(await app.client.session()).toBeNull()
  })

  it('does not hide why a sign-in was refused', async () => {
    const app = startApp({ provider, requiredScope: 'api' })
    const error = await failure(app.client.callback(app.back(await app.start())))
    expect(error).toMatchObject({ code: 'scope_insufficient' })
  })
})

describe('a navigate of the app’s own', () => {
  const reporters = process.listeners('uncaughtException')
  afterEach(() => {
    process.removeAllListeners('uncaughtException')
    for (const reporter of reporters) process.on('uncaughtException', reporter)
  })

  it('is called once, however often and by whichever twin the callback is handled', async () => {
    const app = startApp()
    const twin = app.open()
    const address = app.back(await app.start({ return_to: '/projects' }))
    await Promise.all([app.client, app.client, twin].map((client) => client.callback(address)))
    expect(app.shown).toEqual(['/projects'])
  })

  it('may throw: the platform reports it, and the person is signed in', async () => {
    const reported: unknown[] = []
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => reported.push(error))
    const fault = new Error('No such route.')
    const navigate = () => {
      throw fault
    }
    const app = startApp({ navigate })
    const done = await app.client.callback(app.back(await app.start({ return_to: '/projects' })))
    expect(done).toMatchObject({ session: { scope: 'read_user' }, return_to: '/projects' })
    await until(() => expect(reported).toEqual([fault]))
    expect(await app.client.accessToken()).toBe('AT-1')
  })
})

describe('two accounts', () => {
  it('do not share a session whose client_id and name only look alike in a row', async () => {
    const app = startApp({ place: findPlace(), client_id: 'spa', name: 'of work' })
    await app.signIn()
    const names = [
      { client_id: 'spa of', name: 'work' },
      { client_id: 'spa of work', name: '' },
    ]
    for (const other of names) expect(await app.open(other).session()).toBeNull()
    expect(await app.open().session()).toBeTruthy()
  })

  it('do not share a request: a POST of one is not repeated with the token of the other', async () => {
    const app = startApp()
    await app.signIn()
    let refuse: () => void = () => {}
    app.answers.rest = () =>
      new Promise((resolve) => {
        refuse = () => resolve(json({}, { status: 401 }))
      })
    const asked = () => app.sent.filter(({ url }) => url.endsWith('/projects'))
    const post = app.client.fetch('projects', { method: 'POST', body: 'name=mine' })
    await until(() => expect(asked()).toHaveLength(1))
    await app.client.logout()
    await app.signIn()
    app.answers.rest = () => json({})
    refuse()
    expect((await post).status).toBe(401)
    expect(asked().map(({ request }) => request.headers.get('authorization'))).toEqual(['Bearer AT-1'])
    expect(await app.client.accessToken()).toBe('AT-2')
  })
})
