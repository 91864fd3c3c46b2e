import { describe, expect, it } from 'vitest'
import { createLateStorage, expectRefusal, failure, startApp } from './app.ts'

describe('the shape of an authorization response', () => {
  it('H1: finds nothing to do on a page without OAuth parameters, and keeps the transaction', async () => {
    const app = startApp()
    const request = await app.start()
    for (const address of [
      '',
      '?tab=1',
      '?tab=1#part',
      '#/route',
      '?state=',
      '?',
      '#',
      '?tab=1&?code=mine&state=s',
    ]) {
      expect(await app.client.callback(app.redirect_uri + address)).toBeUndefined()
    }
    expect(app.sent).toEqual([])
    expect(await app.client.callback(app.back(request))).toMatchObject({ session: { scope: 'read_user' } })
  })

  it.each([
    ['another', '?code=a&code=b'],
    ['an equal', '?code=a&code=a'],
    ['an empty', '?code=a&code='],
  ])('H2: refuses %s second code, and burns the transaction', async (_, query) => {
    await expectRefusal({
      callback: (state) => `${query}&state=${state}`,
      code: 'duplicate_parameter',
      transaction: 'burnt',
    })
  })

  it.each([
    ['the same', (state: string) => `?code=a&state=${state}&state=${state}`],
    ['another', (state: string) => `?code=a&state=${state}&state=other`],
    ['another, first,', (state: string) => `?code=a&state=other&state=${state}`],
    ['an empty', (state: string) => `?code=a&state=${state}&state=`],
  ])('H3: refuses %s second state, and keeps the transaction', async (_, callback) => {
    await expectRefusal({ callback, code: 'duplicate_parameter', transaction: 'kept' })
  })

  it.each(['iss', 'error', 'error_description', 'session_state'])(
    'security 9: refuses two %s parameters',
    async (name) => {
      await expectRefusal({
        callback: (state) => `?code=a&state=${state}&${name}=x&${name}=x`,
        code: 'duplicate_parameter',
        transaction: 'burnt',
      })
    },
  )

  it('security 10: ignores parameters it does not know, and the app’s own', async () => {
    const app = startApp()
    const request = await app.start()
    const more = {
      session_state: 's',
      scope: 'all',
      authuser: '0',
      prompt: 'none',
      token: 't',
      response: 'r',
    }
    expect(await app.client.callback(app.back(request, more))).toMatchObject({
      session: { scope: 'read_user' },
    })
    expect(app.exchanges()).toHaveLength(1)
  })

  it('H4: refuses a code in the query with a token in the fragment, and burns the transaction', async () => {
    await expectRefusal({
      callback: (state) => `?code=a&state=${state}#access_token=x&token_type=bearer&state=${state}`,
      code: 'mixed_response',
      transaction: 'burnt',
    })
    await expectRefusal({
      callback: (state) => `?code=a&state=${state}#access_token=x`,
      code: 'mixed_response',
      transaction: 'burnt',
    })
  })

  it('H5: refuses a code with an error, and burns the transaction', async () => {
    await expectRefusal({
      callback: (state) => `?code=a&error=access_denied&state=${state}`,
      code: 'malformed_response',
      transaction: 'burnt',
    })
  })

  it('H6: refuses a state that nobody knows, and keeps the transaction', async () => {
    for (const other of ['x', '__proto__', '!', '%00', `${'s'.repeat(1e5)}`]) {
      const callback = () => `?code=a&state=${other}`
      await expectRefusal({ callback, code: 'state_mismatch', transaction: 'kept' })
    }
  })

  it('H7: refuses a response without state, and keeps the transaction', async () => {
    await expectRefusal({ callback: () => '?code=a', code: 'state_missing', transaction: 'kept' })
    await expectRefusal({ callback: () => '?code=a&state=', code: 'state_missing', transaction: 'kept' })
  })

  it('security 11: does not act on an error without the right state, and does not show its words', async () => {
    const words = '&error_description=Call+us'
    const missing = await expectRefusal({
      callback: () => `?error=access_denied${words}`,
      code: 'state_missing',
      transaction: 'kept',
    })
    const wrong = await expectRefusal({
      callback: (state) => `?error=access_denied${words}&state=${state}x`,
      code: 'state_mismatch',
      transaction: 'kept',
    })
    for (const error of [missing, wrong]) expect(JSON.stringify(error)).not.toMatch(/Call us|access_denied/)
  })

  it.each([
    ['is empty', 'code='],
    ['is empty next to an empty error', 'code=&error='],
    ['holds a line break', 'code=a%0D%0Ab'],
    ['holds NUL', 'code=a%00'],
    ['holds a letter outside of ASCII', 'code=%C3%A9'],
    ['is not UTF-8', 'code=%FF'],
  ])('H16: refuses a code that %s, and burns the transaction', async (_, query) => {
    await expectRefusal({
      callback: (state) => `?${query}&state=${state}`,
      code: 'malformed_response',
      transaction: 'burnt',
    })
  })

  it('H17: refuses a code above 16 KB, burns the transaction, and takes one of 16 KB', async () => {
    for (const length of [16_385, 102_400]) {
      await expectRefusal({
        callback: (state) => `?code=${'c'.repeat(length)}&state=${state}`,
        code: 'malformed_response',
        transaction: 'burnt',
      })
    }
    const app = startApp()
    const code = 'c'.repeat(16_384)
    await app.client.callback(app.back(await app.start(), { code }))
    expect(app.exchanges()[0]?.body.get('code')).toBe(code)
  })

  it('H18: refuses a code in the fragment, and burns the transaction', async () => {
    await expectRefusal({
      callback: (state) => `#code=a&state=${state}`,
      code: 'response_mode_mismatch',
      transaction: 'burnt',
    })
    await expectRefusal({
      callback: (state) => `#error=access_denied&state=${state}`,
      code: 'response_mode_mismatch',
      transaction: 'burnt',
    })
  })

  it('H18: leaves the routes of a hash router alone', async () => {
    const app = startApp()
    const request = await app.start()
    const state = request.get('state')
    for (const hash of ['#/route?code=a', `#/route?code=a&state=${state}`, `#!/code=a&state=${state}`]) {
      expect(await app.client.callback(app.redirect_uri + hash)).toBeUndefined()
    }
    expect(await app.client.callback(app.back(request))).toBeDefined()
  })

  it('H19: refuses a token for a transaction that waits for a code, and burns it', async () => {
    for (const place of ['#', '?']) {
      await expectRefusal({
        callback: (state) => `${place}access_token=x&token_type=bearer&expires_in=60&state=${state}`,
        code: 'response_type_mismatch',
        transaction: 'burnt',
      })
    }
    await expectRefusal({
      callback: (state) => `?code=a&id_token=x&state=${state}`,
      code: 'response_type_mismatch',
      transaction: 'burnt',
    })
  })

  it('H20: refuses the right state on another path or origin, and keeps the transaction', async () => {
    const app = startApp()
    const request = await app.start()
    const { redirect_uri } = app
    const others = [
      `${redirect_uri}-evil`,
      `${redirect_uri}/`,
      'https://app.example/',
      redirect_uri.replace('app.example', 'app.example.evil'),
      redirect_uri.replace('app.example', 'app.example:8443'),
      redirect_uri.replace('https', 'http'),
    ]
    for (const other of others) {
      const error = await failure(app.client.callback(app.back(request).replace(redirect_uri, other)))
      expect(error.code).toBe('redirect_uri_mismatch')
    }
    expect(app.sent).toEqual([])
    expect(await app.client.callback(app.back(request))).toMatchObject({ session: { scope: 'read_user' } })
  })

  it('H20: refuses the answer of a flow on another path, whatever the transactions are kept in', async () => {
    for (const transactions of [new Map<string, unknown>(), createLateStorage()]) {
      const flow = async (url: Promise<URL>) =>
        new URL(`https://evil.example/?code=a&state=${(await url).searchParams.get('state')}`)
      const app = startApp({ transactions, flow })
      expect(await failure(app.client.login())).toMatchObject({ code: 'redirect_uri_mismatch' })
      expect(app.sent).toEqual([])
    }
  })
})
