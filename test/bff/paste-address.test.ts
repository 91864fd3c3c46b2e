import { describe, expect, it } from 'vitest'
import { back, leadsTo, ORIGIN } from './app.ts'
import { CALLBACK, expectKept, startPaste } from './paste-app.ts'

describe('a pasted address', () => {
  const own = `${ORIGIN}${CALLBACK}`
  const pasteAddress = async (address: string, app = startPaste()) => {
    const state = await app.startManual()
    return { app, answer: await app.paste(address.replaceAll('$', state)) }
  }

  it.each([
    '?code=canary-code-1&state=$',
    '?state=$&code=canary-code-1&app=own',
    '?code=canary-code-1&state=$#',
  ])('is judged as the way back is: %s', async (query) => {
    const { app, answer } = await pasteAddress(` ${own}${query} `)
    expect(answer.status).toBe(204)
    expect(app.exchanges()[0]?.body.get('code')).toBe('canary-code-1')
  })

  it.each([
    ['javascript:alert(document.domain)//', 'redirect_uri_mismatch'],
    ['JavaScript:alert(1)', 'redirect_uri_mismatch'],
    ['data:text/html,<script>', 'redirect_uri_mismatch'],
    ['https://evil.example/auth/callback/gitlab?code=a&state=$', 'redirect_uri_mismatch'],
    ['http://www.app.example/auth/callback/gitlab?code=a&state=$', 'redirect_uri_mismatch'],
    ['https://www.app.example:444/auth/callback/gitlab?code=a&state=$', 'redirect_uri_mismatch'],
    ['https://www.app.example@evil.example/auth/callback/gitlab?code=a&state=$', 'redirect_uri_mismatch'],
    [`${ORIGIN}/auth/callback/gitkraken?code=a&state=$`, 'redirect_uri_mismatch'],
    [`${own}/?code=a&state=$`, 'redirect_uri_mismatch'],
    [`${ORIGIN}/?code=a&state=$`, 'redirect_uri_mismatch'],
    [own, 'malformed_response'],
    [`${own}?state=$`, 'malformed_response'],
    [`${own}?code=&state=$`, 'malformed_response'],
    [`${own}?code=a\u00e9&state=$`, 'malformed_response'],
    [`${own}?code=a`, 'state_mismatch'],
    [`${own}?code=a&state=`, 'state_mismatch'],
    [`${own}?code=a&state=$x`, 'state_mismatch'],
    [`${own}?code=a&code=b&state=$`, 'duplicate_parameter'],
    [`${own}?code=a&state=$&state=$`, 'duplicate_parameter'],
    [`${own}?code=a&state=$&iss=https://evil.example`, 'issuer_mismatch'],
    [`${own}?code=a&state=$#access_token=x&state=$`, 'mixed_response'],
    [`${own}#code=a&state=$`, 'response_mode_mismatch'],
    [`${own}?code=a&access_token=b&state=$`, 'response_type_mismatch'],
    [`${own}?error=access_denied&state=$`, 'authorization_error'],
  ])('is refused: %s → %s', async (address, code) => {
    const { app, answer } = await pasteAddress(address)
    expect(await app.refusal(answer)).toEqual([400, code, 2])
    expect(app.sent).toEqual([])
    await expectKept(app)
  })

  it('that is of a sign-in by redirect finishes none by hand', async () => {
    const app = startPaste()
    const other = await app.start('gitlab')
    await app.startManual()
    const answer = await app.paste(ORIGIN + back('gitlab', other))
    expect(await app.refusal(answer)).toEqual([400, 'state_mismatch', 2])
    expect(leadsTo(await app.finish(back('gitlab', other)))).toBe('/')
  })

  it('is held against the path of this BFF', async () => {
    const app = startPaste({ basePath: '/my/bff' })
    const login = await app.browser.visit('/my/bff/login/gitlab?manual=1')
    const state = new URL(login.headers.get('location') ?? '').searchParams.get('state')
    const send = (code: string) =>
      app.browser.send('/my/bff/callback/gitlab', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      })
    expect((await send(`${own}?code=a&state=${state}`)).status).toBe(400)
    expect((await send(`${ORIGIN}/my/bff/callback/gitlab?code=a&state=${state}`)).status).toBe(204)
  })
})
