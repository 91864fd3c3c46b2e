import { createServer, get, type IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { toNodeListener } from '../../src/node/index.ts'
import { json } from '../client/app.ts'
import { type App, back, leadsTo, startBff, until } from './app.ts'
import { hold } from './hold.ts'
import { listen } from './socket.ts'

/** A sign-in on its way back, and the same request again and again, as a browser makes it that has seen no answer. */
async function startReturn(app: App) {
  const address = back('gitlab', await app.start('gitlab', { return_to: '/here' }))
  const { name, value } = app.findLogin()
  const cookie = `${name}=${value}`
  const send = (signal?: AbortSignal) =>
    app.browser.send(address, { from: 'cross-site navigation', cookie, ...(signal && { signal }) })
  return { address, cookie, send }
}

const isSuccess = (answer: Response) => `${answer.headers.getSetCookie()}`.includes('.session.gitlab=')
const REPLAYED = '/here?forgepass_error=state_replayed'

describe('a callback that is loaded anew before it was answered', () => {
  it('gets the session of the first request, of one exchange', async () => {
    const app = startBff()
    const { send } = await startReturn(app)
    const { release } = hold(app, 'token')
    const page = new AbortController()
    const first = send(page.signal)
    await until(() => expect(app.exchanges()).toHaveLength(1))
    page.abort()
    const second = send()
    release()
    await first
    const answer = await second
    expect([leadsTo(answer), isSuccess(answer)]).toEqual(['/here', true])
    expect(app.exchanges()).toHaveLength(1)
    const third = await send()
    expect([leadsTo(third), isSuccess(third)]).toEqual([REPLAYED, false])
    const cookie = answer.headers.getSetCookie().at(-1)?.split(';')[0] ?? ''
    expect((await app.browser.send('/auth/api/gitlab/projects', { cookie })).status).toBe(200)
  })

  it('gets it when it comes after the exchange, and when it was loaded anew twice', async () => {
    const app = startBff()
    const { send } = await startReturn(app)
    const { release } = hold(app, 'token')
    const pages = [new AbortController(), new AbortController()]
    const [first, second] = pages.map(({ signal }) => send(signal))
    await until(() => expect(app.exchanges()).toHaveLength(1))
    for (const page of pages) page.abort()
    release()
    await Promise.all([first, second])
    const answer = await send()
    expect([leadsTo(answer), isSuccess(answer)]).toEqual(['/here', true])
    expect(app.exchanges()).toHaveLength(1)
  })

  it('gets the error of the first request', async () => {
    const app = startBff()
    const { send } = await startReturn(app)
    const { release } = hold(app, 'token')
    const page = new AbortController()
    const first = send(page.signal)
    await until(() => expect(app.exchanges()).toHaveLength(1))
    page.abort()
    release(() => json({ error: 'invalid_grant' }, { status: 400 }))
    await first
    const answer = await send()
    expect([leadsTo(answer), isSuccess(answer)]).toEqual([
      '/here?forgepass_error=token_endpoint_error',
      false,
    ])
    expect(app.exchanges()).toHaveLength(1)
  })

  it('gets it once of ten at a time', async () => {
    const app = startBff()
    const { send } = await startReturn(app)
    const { release } = hold(app, 'token')
    const page = new AbortController()
    const first = send(page.signal)
    await until(() => expect(app.exchanges()).toHaveLength(1))
    page.abort()
    const others = Array.from({ length: 10 }, () => send())
    release()
    await first
    const answers = await Promise.all(others)
    expect(answers.map(leadsTo).toSorted()).toEqual(['/here', ...Array(9).fill(REPLAYED)])
    expect(answers.filter(isSuccess).map(leadsTo)).toEqual(['/here'])
    expect(app.exchanges()).toHaveLength(1)
  })

  it('gets nothing where the first request still waits, or has had its answer', async () => {
    const app = startBff()
    const { send } = await startReturn(app)
    const { release } = hold(app, 'token')
    const page = new AbortController()
    const first = send(page.signal)
    await until(() => expect(app.exchanges()).toHaveLength(1))
    const second = send()
    release()
    expect([leadsTo(await first), isSuccess(await first)]).toEqual(['/here', true])
    expect([leadsTo(await second), isSuccess(await second)]).toEqual([REPLAYED, false])
    expect(leadsTo(await send())).toBe(REPLAYED)
  })

  it('gets the session behind a Node server, too, which hears that the first browser has gone', async () => {
    const app = startBff()
    const { address, cookie } = await startReturn(app)
    const base = await listen(createServer(toNodeListener(app.bff.fetch)))
    const { release } = hold(app, 'token')
    const first = get(base + address, { headers: { cookie } }).on('error', () => {})
    await until(() => expect(app.exchanges()).toHaveLength(1))
    first.destroy()
    await new Promise((resolve) => setTimeout(resolve, 100))
    release()
    const { headers } = await new Promise<IncomingMessage>((resolve) => {
      get(base + address, { headers: { cookie } }, resolve)
    })
    expect(headers.location).toBe('https://www.app.example/here')
    expect(`${headers['set-cookie']}`).toContain('.session.gitlab=')
    expect(app.exchanges()).toHaveLength(1)
  })
})
