import { describe, expect, it } from 'vitest'
import { failure, until } from './app.ts'
import { approve, type Bring, startExtension } from './worker.ts'

const say = (message: string) => () => Promise.reject(new Error(message))

describe('a sign-in from an extension', () => {
  it('asks the browser for a window, and resolves with the session', async () => {
    const app = startExtension()
    expect(await app.client.login()).toMatchObject({ scope: 'read_user' })
    expect(app.asked).toEqual([{ interactive: true, url: expect.stringContaining('code_challenge=') }])
    expect(app.exchanges()[0]?.body.get('redirect_uri')).toBe(app.redirect_uri)
    expect(await app.client.accessToken()).toBe('AT-1')
  })

  it('security 64: goes without a window as it is told, in the browser’s own words', async () => {
    const options = {
      interactive: false,
      abortOnLoadForNonInteractive: false,
      timeoutMsForNonInteractive: 900,
    }
    const app = startExtension(approve, { options })
    await app.client.login()
    expect(app.asked).toEqual([{ ...options, url: expect.any(String) }])
  })

  it('security 45, 65: keeps the sign-in under way, and the session after it, in the storage of the extension', async () => {
    let during: string[] = []
    const app = startExtension((request) => {
      during = Object.keys(app.items)
      return approve(request)
    })
    await app.client.login()
    expect(during).toEqual([expect.stringMatching(/^forgepass\.tx\./)])
    await until(() => expect(app.client.snapshot?.account).toBeDefined())
    expect(app.sessions()).toHaveLength(1)
    expect(JSON.stringify(app.items)).not.toContain(app.exchanges()[0]?.body.get('code_verifier'))
  })

  it('works without a storage, for as long as the worker runs', async () => {
    const app = startExtension(approve, { storage: 'none' })
    await app.client.login()
    expect(await app.client.accessToken()).toBe('AT-1')
    expect(app.items).toEqual({})
    expect(await app.restart().session()).toBeNull()
  })

  it.each(['/callback', 'chrome-extension://aaaa/callback'])(
    'is refused before any window for %s, which no forge sends to, with a word on what to give',
    async (redirect_uri) => {
      const app = startExtension(approve, { redirect_uri })
      expect(await failure(app.client.login())).toMatchObject({
        code: 'invalid_redirect_uri',
        hint: expect.stringContaining('chrome.identity.getRedirectURL()'),
      })
      expect(app.asked).toEqual([])
      expect(app.items).toEqual({})
    },
  )
})

describe('what comes back from the browser', () => {
  const elsewhere: Record<string, Bring> = {
    'a path below': ({ redirect_uri, state }) => `${redirect_uri}/cb-evil?code=CODE&state=${state}`,
    'a path that starts alike': ({ redirect_uri, state }) => `${redirect_uri}-evil?code=CODE&state=${state}`,
    'the address of another extension': ({ redirect_uri, state }) =>
      `${redirect_uri.replace('//aaaa', '//bbbb')}?code=CODE&state=${state}`,
    'a host that ends alike': ({ redirect_uri, state }) =>
      `${redirect_uri.replace('//', '//evil.')}?code=CODE&state=${state}`,
    'another scheme': ({ redirect_uri, state }) =>
      `${redirect_uri.replace('https:', 'http:')}?code=CODE&state=${state}`,
  }
  it.each(Object.entries(elsewhere))('security 62: is redirect_uri_mismatch for %s', async (_, bring) => {
    const app = startExtension(bring)
    expect(await failure(app.client.login())).toMatchObject({ code: 'redirect_uri_mismatch' })
    expect(app.sent).toEqual([])
    expect(await app.client.session()).toBeNull()
  })

  it.each<[string, Bring]>([
    ['state_mismatch', ({ redirect_uri }) => `${redirect_uri}?code=CODE`],
    ['state_mismatch', ({ redirect_uri }) => `${redirect_uri}?code=CODE&state=other`],
    ['duplicate_parameter', ({ redirect_uri, state }) => `${redirect_uri}?code=a&code=b&state=${state}`],
    [
      'authorization_error',
      ({ redirect_uri, state }) => `${redirect_uri}?error=access_denied&state=${state}`,
    ],
    ['malformed_response', ({ redirect_uri }) => redirect_uri],
    ['malformed_response', () => 'no address'],
  ])('security 63: is %s where it is that', async (code, bring) => {
    const app = startExtension(bring)
    expect(await failure(app.client.login())).toMatchObject({ code })
    expect(app.sent).toEqual([])
    expect(app.sessions()).toEqual([])
  })

  it.each<[string, Bring, boolean?]>([
    ['user_cancelled', say('The user did not approve access.')],
    ['user_cancelled', say('User cancelled or denied access.')],
    ['user_cancelled', () => undefined],
    ['interaction_required', () => undefined, false],
    ['interaction_required', say('User interaction required.'), false],
    ['interaction_required', say('Requires user interaction'), false],
    ['login_in_progress', say('Only one web auth flow is allowed at a time.')],
    ['network_error', say('Authorization page could not be loaded.')],
    ['network_error', () => Promise.reject()],
    ['invalid_redirect_uri', say('redirect_uri not allowed')],
    ['invalid_options', say('Type error for parameter details (Unexpected property "abortOnLoad")')],
  ])('security 64: is %s where the browser brings nobody back', async (code, bring, interactive = true) => {
    const app = startExtension(bring, { options: { interactive } })
    expect(await failure(app.client.login())).toMatchObject({ code })
    expect(app.items).toEqual({})
    expect(app.sent).toEqual([])
  })

  it('is an error of ours also where the browser throws at once', async () => {
    const app = startExtension(() => {
      throw new TypeError('Error at parameter: Unexpected property')
    })
    expect(await failure(app.client.login())).toMatchObject({ code: 'invalid_options' })
  })
})

describe('a sign-in that is given up', () => {
  it('rejects at once, and whatever comes back later changes nothing', async () => {
    let comeBack: (address: string) => void = () => {}
    const app = startExtension(
      () =>
        new Promise((resolve) => {
          comeBack = resolve
        }),
    )
    const patience = new AbortController()
    const login = app.client.login({ signal: patience.signal })
    await until(() => expect(app.asked).toHaveLength(1))
    const state = new URL(app.asked[0]?.url ?? '').searchParams.get('state') ?? ''
    patience.abort()
    expect(await failure(login)).toMatchObject({ code: 'user_cancelled' })
    comeBack(`${app.redirect_uri}?code=CODE&state=${state}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(app.sent).toEqual([])
    expect(app.items).toEqual({})
  })

  it('opens no window where that was so before', async () => {
    const app = startExtension()
    expect(await failure(app.client.login({ signal: AbortSignal.abort() }))).toMatchObject({
      code: 'user_cancelled',
    })
    expect(app.asked).toEqual([])
    expect(app.items).toEqual({})
  })

  it('is no login_loop: the next one may follow at once', async () => {
    const app = startExtension(
      ({ redirect_uri, state }) => `${redirect_uri}?error=access_denied&state=${state}`,
    )
    expect(await failure(app.client.login())).toMatchObject({ code: 'authorization_error' })
    app.bring(approve)
    expect(await app.client.login()).toMatchObject({ scope: 'read_user' })
  })
})
