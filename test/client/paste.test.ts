import { describe, expect, it, vi } from 'vitest'
import { type Flow, OAuthError, paste } from '../../src/index.ts'
import { failure, until } from './app.ts'
import { startShare } from './paste-app.ts'

const ORIGIN = 'https://www.app.example'
const relay = `${ORIGIN}/auth/relay`

/** Signs in at the BFF by a flow, as its clients do. */
const run = (flow: Flow, signal = new AbortController().signal) =>
  flow(Promise.resolve(new URL(`${ORIGIN}/auth/login/share?return_to=%2F`)), { redirect_uri: relay, signal })

const words = (text: string) => async () => text

describe('a code pasted by way of a BFF', () => {
  it('signs in, at an application without a callback', async () => {
    const { flowOf, copy, asked, browser, sent } = startShare(ORIGIN)
    const back = await run(flowOf(async (question) => ` ${await copy(question)}\n`))
    expect(back.href).toBe(relay)
    expect(asked.map(({ url, error }) => [url.href, error])).toEqual([
      [`${ORIGIN}/auth/login/share?return_to=%2F&manual=1`, undefined],
    ])
    expect(sent.map(({ path }) => path)).toEqual(['/auth/callback/share'])
    expect(await (await browser.send('/auth/session')).json()).toMatchObject({
      share: { account: { username: 'ada' } },
    })
  })

  it('is asked for again with what was wrong, and taken then', async () => {
    const { flowOf, copy, asked } = startShare(ORIGIN)
    let code = ''
    const first = async (question: Parameters<typeof copy>[0]) => {
      code = await copy(question)
      return 'canary-wrong'
    }
    await run(flowOf(first, words('https://evil.example/'), async () => code))
    expect(asked.map(({ error }) => error?.code)).toEqual([
      undefined,
      'token_endpoint_error',
      'redirect_uri_mismatch',
    ])
    expect(asked[1]?.error).toBeInstanceOf(OAuthError)
    expect(asked[1]?.error).toMatchObject({ hint: 'Copy the code again, or open the address for a new one.' })
    expect(asked[2]?.error?.hint).toMatch(/^Copy the code, or the address/)
    expect(JSON.stringify(asked)).not.toMatch(/canary|evil/)
  })

  it('may be another one, of the address opened anew', async () => {
    const { flowOf, copy } = startShare(ORIGIN)
    const opened = async (question: Parameters<typeof copy>[0]) => {
      await copy(question)
      return 'wrong'
    }
    await run(flowOf(opened, copy))
  })

  it('security 66: is asked for three times, and rejects with what was wrong last', async () => {
    const { flowOf, copy, asked } = startShare(ORIGIN)
    const opened = async (question: Parameters<typeof copy>[0]) => {
      await copy(question)
      return 'a'
    }
    const error = await failure(run(flowOf(opened, words('b'), words('javascript:alert(1)'), words('d'))))
    expect(error).toMatchObject({ code: 'redirect_uri_mismatch', status: 400 })
    expect(asked).toHaveLength(3)
  })

  it('security 66: rejects at once where no sign-in waits for it', async () => {
    const { flowOf, asked } = startShare(ORIGIN)
    expect(await failure(run(flowOf(words('a'))))).toMatchObject({ code: 'no_transaction', status: 409 })
    expect(asked).toHaveLength(1)
  })

  it('rejects at once where it came too late', async () => {
    const { flowOf, copy, clock } = startShare(ORIGIN)
    const late = async (question: Parameters<typeof copy>[0]) => {
      const code = await copy(question)
      clock.now += 600_000
      return code
    }
    expect(await failure(run(flowOf(late)))).toMatchObject({ code: 'transaction_expired' })
  })

  it('is asked for again where the BFF cannot be reached, and signs in then', async () => {
    const share = startShare(ORIGIN)
    const codes: (string | undefined)[] = []
    const errors: unknown[] = [new TypeError('Failed to fetch'), new Response('<h1>502', { status: 502 })]
    let code: string | undefined
    const flow = paste({
      ask: async (question) => {
        codes.push(question.error?.code)
        code ??= await share.copy(question)
        return code
      },
      fetch: async (input, init) => {
        const error = errors.shift()
        if (error instanceof Response) return error
        if (error) throw error
        return share.fetch(input, init)
      },
    })
    await run(flow)
    expect(codes).toEqual([undefined, 'network_error', 'bad_status'])
  })

  it.each([
    ['the page of the application', () => new Response('<!doctype html>')],
    ['a page of a server', () => new Response('<h1>404', { status: 404 })],
  ])('rejects where %s answers in place of the BFF', async (_, answer) => {
    const ask = vi.fn(words('a'))
    const flow = paste({ ask, fetch: async () => answer() })
    expect(await failure(run(flow))).toMatchObject({ code: 'bad_status' })
    expect(ask).toHaveBeenCalledOnce()
  })

  it('that is much too long is cut, and judged too long', async () => {
    const { flowOf, copy, sent } = startShare(ORIGIN)
    const long = async (question: Parameters<typeof copy>[0]) => {
      await copy(question)
      return 'x'.repeat(1_000_000)
    }
    expect(await failure(run(flowOf(long)))).toMatchObject({ code: 'user_cancelled' })
    expect(`${sent[0]?.init.body}`.length).toBeLessThan(8300)
  })
})

describe('a person who pastes nothing', () => {
  it.each([null, undefined, '', ' \n\t '])('cancels: %j', async (answer) => {
    const { flowOf, sent } = startShare(ORIGIN)
    expect(await failure(run(flowOf(async () => answer)))).toMatchObject({ code: 'user_cancelled' })
    expect(sent).toEqual([])
  })

  it('hears of an aborted sign-in, which ends', async () => {
    const signals: AbortSignal[] = []
    const ask = ({ signal }: { signal: AbortSignal }) => {
      signals.push(signal)
      return new Promise<string>(() => {})
    }
    const sign = new AbortController()
    const flow = run(paste({ ask }), sign.signal)
    const failed = failure(flow)
    await until(() => expect(signals).toHaveLength(1))
    sign.abort()
    expect(await failed).toMatchObject({ code: 'user_cancelled' })
    expect(signals[0]?.aborted).toBe(true)
  })

  it('is not asked if it was aborted before', async () => {
    const ask = vi.fn(words('a'))
    expect(await failure(run(paste({ ask }), AbortSignal.abort()))).toMatchObject({ code: 'user_cancelled' })
    expect(ask).not.toHaveBeenCalled()
  })

  it('may abort while the BFF is asked', async () => {
    const sign = new AbortController()
    const fetch: typeof globalThis.fetch = async (_, init) => {
      sign.abort()
      throw init?.signal?.reason
    }
    const ask = vi.fn(words('a'))
    expect(await failure(run(paste({ ask, fetch }), sign.signal))).toMatchObject({ code: 'user_cancelled' })
    expect(ask).toHaveBeenCalledOnce()
  })

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    const listeners = new Set<unknown>()
    const add = signal.addEventListener.bind(signal)
    signal.addEventListener = (type: string, listener: never, options: AddEventListenerOptions) => {
      listeners.add(listener)
      options.signal?.addEventListener('abort', () => listeners.delete(listener))
      add(type, listener, options)
    }
    const flow = paste({ ask: words('a'), fetch: async () => new Response(null, { status: 204 }) })
    await run(flow, signal)
    expect(listeners.size).toBe(0)
  })

  it('hears what goes wrong in the question itself', async () => {
    const flow = paste({ ask: () => Promise.reject(new Error('no dialog')) })
    await expect(run(flow)).rejects.toThrow('no dialog')
  })
})
