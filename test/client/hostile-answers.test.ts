import { describe, expect, it } from 'vitest'
import { createLateStorage, failure, findPlace, json, startApp, until } from './app.ts'

/** Signs in where the API answers like this when it is asked for the account. */
async function startAs(user: object) {
  const app = startApp()
  app.answers.user = () => json(user)
  await app.client.callback(app.back(await app.start()))
  return app
}

describe('an account that the forge tells', () => {
  it('has no address that could run a script', async () => {
    const { client } = await startAs({
      id: 7,
      username: 'ada',
      web_url: 'javascript:alert(document.domain)',
      avatar_url: 'data:text/html,<script>alert(1)</script>',
    })
    await until(() => expect(client.snapshot?.account).toBeDefined())
    expect(client.snapshot?.account).toEqual({ id: '7', username: 'ada' })
  })

  it('is called by its id where it has no username', async () => {
    const { client } = await startAs({ id: 7, username: null })
    await until(() => expect(client.snapshot?.account).toEqual({ id: '7', username: '7' }))
  })

  it.each([[{ username: 'ada' }], [{ id: {}, username: 'ada' }], [{ id: '', username: 'ada' }]])(
    'is none without an id: %j',
    async (user) => {
      const { client, sent } = await startAs(user)
      await until(() => expect(sent.at(-1)?.url).toMatch(/\/user$/))
      await new Promise((resolve) => setTimeout(resolve, 10))
      expect(await client.session()).toEqual({ scope: 'read_user', expires_at: expect.any(Number) })
    },
  )

  it('is asked for again if the forge could not tell it', async () => {
    const app = startApp({ storage: createLateStorage() })
    const { user } = app.answers
    app.answers.user = () => json({}, { status: 503 })
    await app.client.callback(app.back(await app.start()))
    await until(() => expect(app.sent.at(-1)?.url).toMatch(/\/user$/))
    app.answers.user = user
    await until(() => {
      void app.client.session()
      expect(app.client.snapshot?.account?.username).toBe('ada')
    })
  })
})

describe('a page with a scheme of an app’s own', () => {
  /** The origin of such an address is `null`, so it must not be what tells two of them apart. */
  const startNative = (redirect_uri: string) => startApp({ place: { ...findPlace(), redirect_uri } })

  it.each(['evil://main/callback', 'app://evil/callback', 'app:/callback', 'app://main:1/callback'])(
    'takes no response from %s',
    async (page) => {
      const { client, start, exchanges, redirect_uri } = startNative(
        `app://main/callback/${findPlace().base}`,
      )
      const query = `?code=CODE&state=${(await start()).get('state')}`
      const other = redirect_uri.replace('app://main/callback', page)
      expect(await failure(client.callback(other + query))).toMatchObject({ code: 'redirect_uri_mismatch' })
      expect(exchanges()).toEqual([])
      expect(await client.callback(redirect_uri + query)).toMatchObject({ session: { scope: 'read_user' } })
    },
  )

  it('is led to no other host or scheme after the sign-in', async () => {
    const app = startNative('app://main/landing')
    for (const [return_to, path] of [
      ['app://evil/projects', '/'],
      ['evil://main/projects', '/'],
      ['//evil/projects', '/'],
      ['app://main/projects?tab=1', '/projects?tab=1'],
      ['/projects', '/projects'],
    ] as const) {
      await app.client.callback(app.back(await app.start({ return_to })))
      expect(app.shown.pop(), return_to).toBe(path)
    }
  })

  it('is not the page of another host: two servers may have one each', () => {
    startNative('app://one/callback')
    expect(() => startNative('app://two/callback')).not.toThrow()
  })
})
