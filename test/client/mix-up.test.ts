import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { createLock, failure, findPlace, type Place, startApp, until, withIssuer } from './app.ts'

/** The same address for the callbacks of two servers. */
const sharing = (): [Place, Place] => {
  const [one, other] = [findPlace(), findPlace()]
  return [one, { ...other, redirect_uri: one.redirect_uri }]
}

describe('two authorization servers', () => {
  it('security 16b: may not share a redirect_uri while one sends no issuer', () => {
    for (const [first, second] of [
      [undefined, undefined],
      [withIssuer, undefined],
      [undefined, withIssuer],
    ]) {
      const [one, other] = sharing()
      startApp({ place: one, ...(first && { provider: first }) })
      expect(() => startApp({ place: other, ...(second && { provider: second }) })).toThrow(
        expect.objectContaining({ code: 'shared_redirect_uri', hint: expect.stringContaining(other.base) }),
      )
    }
  })

  it('security 16b: may share one if both send their issuer, and each still refuses the other’s', async () => {
    const [one, other] = sharing()
    const first = startApp({ place: one, provider: withIssuer })
    startApp({ place: other, provider: withIssuer })
    const address = first.back(await first.start(), { iss: other.base })
    expect(await failure(first.client.callback(address))).toMatchObject({ code: 'issuer_mismatch' })
    expect(first.exchanges()).toEqual([])
  })

  it('security 16b: share one too if it is only spelled differently, or differs in its query', async () => {
    const spellings = [
      (uri: string) => uri.replace('app.example', 'APP.example'),
      (uri: string) => uri.replace('app.example', 'app.example:443'),
      (uri: string) => `${uri}?server=other`,
    ]
    for (const spell of spellings) {
      const [one, other] = sharing()
      const first = startApp({ place: one })
      const made = () => startApp({ place: { ...other, redirect_uri: spell(other.redirect_uri) } })
      // Either the second one is refused, or it must not take a response that came for the first.
      const second = await Promise.resolve()
        .then(made)
        .catch((error) => error)
      if (second instanceof Error) {
        expect(second).toMatchObject({ code: 'shared_redirect_uri' })
        continue
      }
      const stolen = `${first.redirect_uri}?code=HONEST&state=${(await second.start()).get('state')}`
      expect(await failure(second.client.callback(stolen))).toMatchObject({ code: 'redirect_uri_mismatch' })
      expect(second.exchanges()).toEqual([])
    }
  })

  it('security 16b: may have the same path on a server, which has no page to mix them up', () => {
    const redirect_uri = '/callback'
    startApp({ place: { ...findPlace(), redirect_uri } })
    expect(() => startApp({ place: { ...findPlace(), redirect_uri } })).not.toThrow()
  })

  it('security 16b: are not mixed up by one that forwards the person to the other', async () => {
    const [honest, evil] = [startApp(), startApp()]
    const request = await evil.start()
    // The attacker sends the person on to the honest server, with the state of its own transaction.
    const forwarded = `${honest.redirect_uri}?code=HONEST&state=${request.get('state')}`
    const transactions = evil.transactions
    const onHonestPage = honest.open({ transactions })
    expect(await onHonestPage.callback(forwarded)).toBeUndefined()
    expect(await failure(evil.client.callback(forwarded))).toMatchObject({ code: 'redirect_uri_mismatch' })
    expect(evil.sent).toEqual([])
    expect(honest.sent).toEqual([])
  })

  it('security 17: may not claim one issuer', () => {
    const { base, redirect_uri } = findPlace()
    startApp({ place: { base, redirect_uri } })
    const twin = () => ({ ...gitlab({ base }), token_endpoint: 'https://evil.example/token' })
    expect(() => startApp({ provider: twin })).toThrow(
      expect.objectContaining({ code: 'duplicate_issuer', hint: expect.stringContaining(base) }),
    )
  })

  it('G3: share nothing if their clients are handed one address at once, and neither sees the other’s token', async () => {
    const [mine, other] = [startApp(), startApp()]
    const address = mine.back(await mine.start())
    const [first, second] = await Promise.all([mine.client.callback(address), other.client.callback(address)])
    await until(() => expect(mine.client.snapshot?.account).toBeDefined())
    expect(first).toMatchObject({ session: { scope: 'read_user' } })
    expect(other.sent.map(({ request }) => request.headers.get('authorization'))).toEqual([])
    expect(second).toBeUndefined()
    expect(await other.client.session()).toBeNull()
  })

  it('may be the same one for two clients, each with its account', async () => {
    const place = findPlace()
    const [one, other] = [startApp({ place }), startApp({ place, name: 'work' })]
    await one.client.callback(one.back(await one.start()))
    expect(await one.client.session()).toBeTruthy()
    expect(await other.client.session()).toBeNull()
  })
})

describe('a transaction, after the app was set up anew', () => {
  beforeEach(() => vi.resetModules())

  it('security 16: redeems its code where it was started, whatever the settings say by then', async () => {
    const app = startApp()
    const request = await app.start()
    // The page was left; what comes back is another one, with new settings.
    const page = await import('../../src/index.ts')
    expect(page.createClient).not.toBe(createClient)
    const moved = page.createClient({
      ...app.options,
      provider: { ...app.options.provider, token_endpoint: 'https://elsewhere.example/oauth/token' },
      lock: createLock(),
    })
    expect(await moved.callback(app.back(request))).toMatchObject({ session: { scope: 'read_user' } })
    expect(app.exchanges().map(({ url }) => url)).toEqual([`${app.base}/oauth/token`])
  })

  it('security 16: is judged by the issuer it was started with', async () => {
    const app = startApp()
    const request = await app.start()
    const page = await import('../../src/index.ts')
    const provider = { ...app.options.provider, issuer: 'https://elsewhere.example' }
    const moved = page.createClient({ ...app.options, provider })
    // Another issuer is another client: the response is not its own.
    expect(await moved.callback(app.back(request, { iss: 'https://elsewhere.example' }))).toBeUndefined()
    expect(app.exchanges()).toEqual([])
  })
})
