import { describe, expect, it } from 'vitest'
import type { OAuthErrorCode } from '../../src/bff/index.ts'
import { back, type Changes, leadsTo, startBff } from './app.ts'
import { expectRefusal, expectStray } from './refusal.ts'

const LONG = encodeURIComponent('ä'.repeat(50_000))

describe('a callback that tells of no sign-in of this browser leads nowhere by itself, and burns nothing', () => {
  it.each([
    ['H1: no parameters at all', ''],
    ['H1: a parameter of the app', 'tab=1'],
    ['H1: a state alone', 'state=$'],
    ['H3: a state twice', 'code=a&state=$&state=$'],
    ['H3: a right and a wrong state', 'code=a&state=$&state=x'],
    ['H6: a wrong state', 'code=a&state=$x'],
    ['H6: a state of the same length', `code=a&state=${'x'.repeat(43)}`],
    ['H6: an error with a wrong state', `error=access_denied&state=${'x'.repeat(43)}`],
    ['H6: a state that is a pattern', 'code=a&state=.*'],
    ['H6: a state that would end its cookie', 'code=a&state=$%3B%20x'],
    ['H7: no state', 'code=a'],
    ['H7: an empty state', 'code=a&state='],
    ['H7: an error without a state', 'error=access_denied'],
  ])('%s', (_, callback) => expectRefusal({ callback, code: 'page' }))

  it('H6: a state that only begins or ends like the right one', async () => {
    const app = startBff()
    const state = await app.start()
    const flipped = state.slice(0, 42) + (state.endsWith('A') ? 'B' : 'A')
    for (const wrong of [state.slice(0, 16), state.slice(0, 42), flipped, state.toUpperCase()])
      await expectStray(await app.finish(back('gitlab', wrong)))
    expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
  })
})

describe('a callback is refused, once and for all, with', () => {
  it.each<[string, string, OAuthErrorCode]>([
    ['H2: a code twice', 'code=a&code=b&state=$', 'duplicate_parameter'],
    ['H2: the same code twice', 'code=a&code=a&state=$', 'duplicate_parameter'],
    ['H2: an error twice', 'error=a&error=b&state=$', 'duplicate_parameter'],
    ['H5: a code and an error', 'code=a&error=access_denied&state=$', 'malformed_response'],
    ['H12: a denial', 'error=access_denied&error_description=<img+src=x>&state=$', 'authorization_error'],
    [
      'H13: words that control',
      'error=x&error_description=%0D%0A%00%1B[2J%E2%80%AE&state=$',
      'authorization_error',
    ],
    ['H14: words of 100 KB', `error=x&error_description=${LONG}&state=$`, 'authorization_error'],
    ['H15: an error that is none', 'error=%22%0A%23%26forgepass_error=x&state=$', 'authorization_error'],
    ['H16: an empty code', 'code=&state=$', 'malformed_response'],
    ['H16: a code that controls', 'code=a%0D%0Ab&state=$', 'malformed_response'],
    ['H17: a code of 100 KB', `code=${'a'.repeat(100_000)}&state=$`, 'malformed_response'],
    ['H19: a token for a code', 'access_token=x&token_type=bearer&state=$', 'response_type_mismatch'],
    ['H19: a token beside the code', 'code=a&access_token=x&state=$', 'response_type_mismatch'],
  ])('%s', (_, callback, code) => expectRefusal({ callback, code }))

  it('H9: a sign-in that took more than ten minutes, and is strange to it after twenty', async () => {
    await expectRefusal({ after: 600_000, code: 'transaction_expired' })
    const app = startBff()
    const state = await app.start()
    const { name, value } = app.findLogin()
    app.clock.now += 1_200_000
    await expectStray(await app.finish(back('gitlab', state)))
    app.browser.jar.plant(name, value)
    await expectStray(await app.finish(back('gitlab', state)))
    expect(app.sent).toEqual([])
  })

  it('succeeds in the last second of ten minutes', async () => {
    const app = startBff()
    const state = await app.start()
    app.clock.now += 599_000
    expect(leadsTo(await app.finish(back('gitlab', state)))).toBe('/')
  })

  it('nothing of what went wrong with another sign-in of this browser', async () => {
    const app = startBff()
    const [one, two] = [await app.start(), await app.start()]
    expect(leadsTo(await app.finish(back('gitlab', one, { error: 'x' })))).toContain('malformed_response')
    expect(leadsTo(await app.finish(back('gitlab', two)))).toBe('/')
  })
})

describe('a callback succeeds with', () => {
  it.each<[string, Record<string, string>]>([
    ['parameters that nobody knows', { session_state: 'x', scope: 'y', authuser: '0', prompt: 'none' }],
    ['a code of every printable letter', { code: ' !"#$%&\'()*+,/:;<=>?@[\\]^_`{|}~' }],
  ])('%s', async (_, parameters) => {
    const app = startBff()
    const answer = await app.finish(back('gitlab', await app.start(), parameters))
    expect(leadsTo(answer)).toBe('/')
    expect(app.exchanges()[0]?.body.get('code')).toBe(parameters.code ?? 'canary-code-1')
  })

  it('a proof of the client, and all that the token endpoint needs', async () => {
    const app = startBff()
    await app.signIn()
    const [{ request, body }] = app.exchanges() as [ReturnType<typeof app.exchanges>[0]]
    expect(Object.fromEntries(body)).toEqual({
      grant_type: 'authorization_code',
      code: 'canary-code-1',
      redirect_uri: 'https://www.app.example/auth/callback/gitlab',
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      client_id: 'app-at-gitlab',
      client_secret: 'canary-client-secret-1',
    })
    expect(request).toMatchObject({ method: 'POST', redirect: 'error', credentials: 'omit' })
    expect(request.headers.has('authorization')).toBe(false)
    expect(request.headers.has('cookie')).toBe(false)
  })

  it('neither redirect_uri nor verifier at GitKraken, which documents none', async () => {
    const app = startBff()
    await app.signIn('gitkraken')
    const names = [...(app.exchanges()[0]?.body.keys() ?? [])]
    expect(names).toEqual(['grant_type', 'code', 'client_id', 'client_secret'])
  })

  it.each<[string, Changes, string]>([
    [
      'fails',
      { providers: { gitlab: { client_secret: () => Promise.reject(new Error('canary')) } } },
      'server_error',
    ],
    ['is empty', { providers: { gitlab: { client_secret: () => '' } } }, 'server_error'],
    ['gives it', { providers: { gitlab: { client_secret: async () => 'canary-read' } } }, ''],
  ])('the secret that a function reads, each time anew; it %s', async (_, changes, code) => {
    const app = startBff(changes)
    const answer = await app.finish(back('gitlab', await app.start()))
    expect(leadsTo(answer)).toBe(code ? `/?forgepass_error=${code}` : '/')
    expect(app.exchanges().map(({ body }) => body.get('client_secret'))).toEqual(code ? [] : ['canary-read'])
  })
})

describe("Gitea's old Cancel, which leads to the bare callback", () => {
  it.each([
    ['', false],
    ['', true],
    ['tab=1', false],
    ['tab=1', true],
  ])(
    'tells of user_cancelled with "%s", signed in before: %s, and changes nothing',
    async (query, signedIn) => {
      const app = startBff()
      if (signedIn) await app.signIn('gitea')
      const state = await app.start('gitea', { return_to: '/here' })
      const before = [...app.browser.jar.cookies.values()]
      // Any site can send a person there, as often as it likes.
      for (let turn = 0; turn < 5; turn += 1) {
        const answer = await app.finish(`/auth/callback/gitea?${query}`)
        expect(leadsTo(answer)).toBe('/here?forgepass_error=user_cancelled')
        expect(answer.headers.getSetCookie()).toEqual([])
      }
      expect([...app.browser.jar.cookies.values()]).toEqual(before)
      expect(leadsTo(await app.finish(back('gitea', state)))).toBe('/here')
    },
  )

  it('leaves an earlier sign-in alone, and those of other forges', async () => {
    const app = startBff()
    const [first, , other] = [await app.start('gitea'), await app.start('gitea'), await app.start('gitlab')]
    expect(leadsTo(await app.finish('/auth/callback/gitea'))).toBe('/?forgepass_error=user_cancelled')
    expect(leadsTo(await app.finish(back('gitea', first)))).toBe('/')
    expect(leadsTo(await app.finish(back('gitlab', other)))).toBe('/')
  })

  it('is strange where no sign-in is under way, and at a forge without such a Cancel', async () => {
    await expectStray(await startBff().finish('/auth/callback/gitea'))
    await expectRefusal({ name: 'gitkraken', callback: '', code: 'page' })
    const app = startBff()
    app.browser.jar.plant('__Host-forgepass.login.gitea.planted', 'planted')
    await expectStray(await app.finish('/auth/callback/gitea'))
  })
})
