import { describe, expect, it } from 'vitest'
import { type App, startBff, until } from './app.ts'
import { hold } from './hold.ts'
import { collecting, signInBySocket, startSocket } from './socket.ts'

const read = async ({ browser }: Pick<App, 'browser'>) => (await browser.send('/auth/session')).json()
const call = ({ browser }: Pick<App, 'browser'>) => browser.send('/auth/api/gitlab/projects')

describe('a forge that does not answer', () => {
  it('is waited for five seconds for the account, though garbage is collected', {
    timeout: 30_000,
  }, async () => {
    const { asked, provider } = await startSocket()
    const browser = await signInBySocket(provider)
    const session = read({ browser })
    const waited = await collecting(session)
    expect(await session).toEqual({ gitlab: { scope: 'read_user' } })
    expect(asked).toEqual(['/oauth/token', '/api/v4/user'])
    expect(waited).toBeGreaterThan(4500)
    expect(waited).toBeLessThan(12_000)
  })

  it('is waited for as long as the timeout says for a call, though garbage is collected', async () => {
    const { provider } = await startSocket()
    const browser = await signInBySocket(provider, { timeout: 300 })
    const answer = call({ browser })
    expect(await collecting(answer)).toBeLessThan(3000)
    expect((await answer).status).toBe(504)
  })

  it('to the question for the account holds up no refresh of the session, nor is it undone', async () => {
    const app = startBff()
    await app.signIn()
    const { release } = hold(app, 'user')
    const session = read(app)
    await until(() => expect(app.accounts()).toHaveLength(1))
    app.clock.now += 7_200_000
    expect((await call(app)).status).toBe(200)
    release()
    expect((await session).gitlab).toMatchObject({
      account: { id: '7' },
      expires_at: app.clock.now + 7_200_000,
    })
    await call(app)
    expect(app.refreshes()).toHaveLength(1)
    const tokens = app.calls().map(({ request }) => request.headers.get('authorization'))
    expect(tokens).toEqual(Array(2).fill('Bearer canary-access-2'))
  })
})

describe('the question for the account', () => {
  it('follows no redirect, which could take the token along', async () => {
    const { asked, provider } = await startSocket((response) => {
      response.writeHead(302, { location: '/api/v4/elsewhere' }).end()
    })
    const browser = await signInBySocket(provider)
    expect(await read({ browser })).toEqual({ gitlab: { scope: 'read_user' } })
    expect(asked).toEqual(['/oauth/token', '/api/v4/user'])
  })

  it('lets go of an answer of more than 1 MiB', async () => {
    const app = startBff()
    await app.signIn()
    let pulled = 0
    let cancelled = false
    const endless = {
      pull(controller: ReadableStreamDefaultController<Uint8Array>) {
        pulled += 1
        // Where it is not let go of it ends after 20 MiB, and has to be no account then.
        pulled > 320 ? controller.close() : controller.enqueue(new Uint8Array(65_536).fill(32))
      },
      cancel() {
        cancelled = true
      },
    }
    app.answers.user = () => new Response(new ReadableStream(endless))
    expect((await read(app)).gitlab.account).toBeUndefined()
    expect(pulled).toBeLessThan(40)
    await until(() => expect(cancelled).toBe(true))
  })
})
