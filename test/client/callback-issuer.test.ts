import { describe, expect, it } from 'vitest'
import { expectRefusal, failure, startApp, withIssuer } from './app.ts'

const answer = (state: string, more: Record<string, string>) =>
  `?${new URLSearchParams({ code: 'CODE', state, ...more })}`

/** An error response, as a server sends it. */
const denial = (state: string, more: Record<string, string> = {}) =>
  `?${new URLSearchParams({ error: 'access_denied', state, ...more })}`

describe('the issuer of an authorization response', () => {
  const variants = [
    ['another server', () => 'https://evil.example'],
    ['a trailing slash', (base: string) => `${base}/`],
    ['another case', (base: string) => base.replace('https', 'HTTPS')],
    ['the default port', (base: string) => `${base}:443`],
    ['a longer host', (base: string) => `${base}.evil.example`],
    ['a space', (base: string) => `${base} `],
  ] as const

  for (const [name, spell] of variants) {
    it(`H10, security 12: refuses an issuer with ${name}, and burns the transaction`, async () => {
      const callback = (state: string, { base }: { base: string }) => answer(state, { iss: spell(base) })
      await expectRefusal({ callback, code: 'issuer_mismatch', transaction: 'burnt' })
      const app = { provider: withIssuer }
      await expectRefusal({ callback, app, code: 'issuer_mismatch', transaction: 'burnt' })
    })
  }

  it('H11, security 13: refuses a missing issuer where the server sends one, and burns the transaction', async () => {
    const app = { provider: withIssuer }
    const missing = { app, code: 'issuer_missing', transaction: 'burnt' } as const
    await expectRefusal({ ...missing, callback: (state) => answer(state, {}) })
    await expectRefusal({ ...missing, callback: (state) => answer(state, { iss: '' }) })
    await expectRefusal({ ...missing, callback: (state) => denial(state) })
  })

  it('security 12: takes the right issuer, form-encoded as it comes', async () => {
    const app = startApp({ provider: withIssuer })
    const address = app.back(await app.start(), { iss: app.base })
    expect(address).toContain('iss=https%3A%2F%2F')
    expect(await app.client.callback(address)).toMatchObject({ session: { scope: 'read_user' } })
  })

  it('security 14: takes the right issuer unasked, and refuses it where the app is strict', async () => {
    const app = startApp()
    const address = app.back(await app.start(), { iss: app.base })
    expect(await app.client.callback(address)).toMatchObject({ session: { scope: 'read_user' } })
    await expectRefusal({
      callback: (state, { base }) => answer(state, { iss: base }),
      app: { strictIssuer: true },
      code: 'issuer_unexpected',
      transaction: 'burnt',
    })
  })

  it('security 15: does not take an error of another issuer for the server’s own', async () => {
    const words = { iss: 'https://evil.example', error_description: 'Send your password to evil.example' }
    const error = await expectRefusal({
      callback: (state) => denial(state, words),
      code: 'issuer_mismatch',
      transaction: 'burnt',
    })
    expect(error).not.toHaveProperty('error')
    expect(JSON.stringify(error) + error.stack).not.toContain('password')
  })
})

describe('an error that the authorization server sends', () => {
  const described = async (error_description: string) => {
    const error = await expectRefusal({
      callback: (state) => denial(state, { error_description }),
      code: 'authorization_error',
      details: { error: 'access_denied', provider: 'GitLab' },
      transaction: 'burnt',
    })
    return error.error_description ?? ''
  }

  it('H12, security 97: keeps markup literally, as text', async () => {
    const markup = '<img src=x onerror="alert(1)">&amp;'
    expect(await described(markup)).toBe(markup)
  })

  it('H13, security 97: replaces control and format characters', async () => {
    const text = await described('a\r\nb\0c\u001b[31md\u202ee\u2028f\u200bg\ufeffh\u0085i')
    expect(text).toMatch(/^a[ �]+b[ �]c[ �]\[31md[ �]e[ �]f[ �]g[ �]h[ �]i$/)
  })

  it('H14, security 97: keeps letters outside of ASCII, and 300 characters of 100 KB', async () => {
    expect(await described('Zugriff verweigert – доступ запрещён 拒否')).toBe(
      'Zugriff verweigert – доступ запрещён 拒否',
    )
    expect(await described('é'.repeat(102_400))).toBe('é'.repeat(300))
    // A cut may not leave half a character behind.
    expect(await described(`x${'😀'.repeat(400)}`)).not.toMatch(/\p{Cs}/u)
    expect((await described(`x${'😀'.repeat(400)}`)).length).toBeLessThanOrEqual(300)
  })

  it.each([
    ['a quote', 'access"denied'],
    ['a backslash', 'access\\denied'],
    ['a line break', 'access\ndenied'],
    ['NUL', 'access\0denied'],
    ['a bidi character', 'access\u202edenied'],
    ['a letter outside of ASCII', 'accès'],
    ['1,000 characters', 'e'.repeat(1000)],
  ])(
    'H15, security 98: calls an error with %s invalid_error_code, and burns the transaction',
    async (_, error) => {
      await expectRefusal({
        callback: (state) => denial(state, { error }),
        code: 'authorization_error',
        details: { error: 'invalid_error_code' },
        transaction: 'burnt',
      })
    },
  )

  it('H15, security 98: keeps a code that no standard knows', async () => {
    await expectRefusal({
      callback: (state) => denial(state, { error: 'bad_verification_code' }),
      code: 'authorization_error',
      details: { error: 'bad_verification_code' },
      transaction: 'burnt',
    })
  })

  it('security 98: shows an error_uri only if it is an absolute https address, if at all', async () => {
    const safe = 'https://forge.example/help?x=1'
    for (const error_uri of [safe, '/help', 'javascript:alert(1)', 'http://forge.example/help']) {
      const app = startApp()
      const request = await app.start()
      const address = app.redirect_uri + denial(request.get('state') ?? '', { error_uri })
      const error = await failure(app.client.callback(address))
      expect(error.code).toBe('authorization_error')
      expect([undefined, safe]).toContain(Reflect.get(error, 'error_uri'))
    }
  })
})
