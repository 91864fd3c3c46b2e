import { describe, expect, it } from 'vitest'
import { createBff } from '../../src/bff/index.ts'
import { back, ORIGIN, optionsOf } from './app.ts'
import { STARTS, type StartName } from './browser.ts'
import { CALLBACK, expectKept, type PasteApp, startPaste } from './paste-app.ts'

const SITES = [null, 'same-origin', 'same-site', 'cross-site', 'none']
const HEADERS = [null, '1', '0', 'true']
const ORIGINS = [
  null,
  ORIGIN,
  'null',
  '',
  `${ORIGIN}/`,
  'https://app.example',
  'https://blog.app.example',
  'https://www.app.example.evil.example',
  'http://www.app.example',
]

/** Expects that a request was none that brings a code, and changed nothing. */
function expectOther(app: PasteApp, answer: Response) {
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(app.sent).toEqual([])
}

describe('a pasted code', () => {
  it('passes from an own page only, by header, Origin and Sec-Fetch-Site', async () => {
    const app = startPaste()
    await app.startManual()
    const { name, value } = app.findLogin()
    const cookie = `${name}=${value}`
    for (const site of SITES)
      for (const header of HEADERS)
        for (const origin of ORIGINS) {
          const change = { 'forgepass-csrf': header, 'sec-fetch-site': site, origin }
          if (header === '1' && origin === ORIGIN && (site === null || site === 'same-origin')) continue
          const answer = await app.paste('canary-code-1', { cookie, change })
          if (header !== '1' || origin !== ORIGIN) expectOther(app, answer)
          else expect(answer.status).toBe(403)
        }
    expect(app.sent).toEqual([])
    await expectKept(app)
  })

  it('passes without fetch metadata, by header and Origin', async () => {
    const app = startPaste()
    await app.startManual()
    const change = { 'sec-fetch-site': null, 'sec-fetch-mode': null, 'sec-fetch-dest': null }
    expect((await app.paste('canary-code-1', { change })).status).toBe(204)
  })

  it.each<StartName>(Object.keys(STARTS).filter((name) => name !== 'own fetch') as StartName[])(
    'is refused by %s, with the header of the client and without',
    async (from) => {
      const app = startPaste()
      await app.startManual()
      const { name, value } = app.findLogin()
      const cookie = `${name}=${value}`
      expectOther(app, await app.paste('canary-code-1', { from, cookie }))
      if (STARTS[from].site !== 'same-origin') {
        const change = { 'forgepass-csrf': '1' }
        const answer = await app.paste('canary-code-1', { from, cookie, change })
        expect([403, 405]).toContain(answer.status)
        expect(answer.headers.getSetCookie()).toEqual([])
      }
      expect(app.sent).toEqual([])
      await expectKept(app)
    },
  )

  it.each([
    null,
    '',
    'text/plain',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/json-seq',
    'application/vnd.api+json',
  ])('is none as %s', async (type) => {
    const app = startPaste()
    await app.startManual()
    const answer = await app.paste('canary-code-1', { change: { 'content-type': type } })
    expectOther(app, answer)
    expect((await answer.json()).hint).toContain('as JSON from a page of the application')
    await expectKept(app)
  })

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json ;a=b'])(
    'may be labelled %s',
    async (type) => {
      const app = startPaste()
      await app.startManual()
      expect((await app.paste('canary-code-1', { change: { 'content-type': type } })).status).toBe(204)
    },
  )

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is none by %s', async (method) => {
    const app = startPaste()
    await app.startManual()
    expectOther(app, await app.paste('canary-code-1', { method }))
    await expectKept(app)
  })

  it('is none in the address: the body counts', async () => {
    const app = startPaste()
    const state = await app.startManual()
    const answer = await app.browser.send(back('gitlab', state), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    expect(await app.refusal(answer)).toEqual([400, 'malformed_response', 2])
    expect(app.sent).toEqual([])
  })

  it.each([
    '',
    '{',
    'null',
    '7',
    '"canary-code-1"',
    '["canary-code-1"]',
    '{}',
    '{"code":["canary-code-1"]}',
    '{"code":{"toString":1}}',
    '{"__proto__":{"code":"canary-code-1"}}',
    `{"code":"canary-code-1","pad":"${'x'.repeat(16_384)}"}`,
  ])('is malformed in the body %.40s', async (body) => {
    const app = startPaste()
    await app.startManual()
    expect(await app.refusal(await app.post(body))).toEqual([400, 'malformed_response', 2])
    expect(app.sent).toEqual([])
    await expectKept(app)
  })

  it('is read no further than 16 KiB, however much there is', async () => {
    const app = startPaste()
    await app.startManual()
    let chunks = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        chunks += 1
        controller.enqueue(new Uint8Array(1024).fill(32))
      },
    })
    const { name, value } = app.findLogin()
    const headers = { 'content-type': 'application/json', 'forgepass-csrf': '1', origin: ORIGIN }
    const init = { method: 'POST', body, duplex: 'half', headers: { ...headers, cookie: `${name}=${value}` } }
    const answer = await app.bff.fetch(new Request(ORIGIN + CALLBACK, init))
    expect(await app.refusal(answer)).toEqual([400, 'malformed_response', 2])
    expect(chunks).toBeLessThan(20)
  })

  it('may be as long as 8 KiB, and is redeemed as it stands but for white space around it', async () => {
    const app = startPaste()
    await app.startManual()
    const code = `4/0 A+b%2F&=${'x'.repeat(8192 - 12)}`
    expect((await app.paste(`\t\u00a0 ${code}\r\n`)).status).toBe(204)
    expect(app.exchanges()[0]?.body.get('code')).toBe(code)
  })
})

describe('a BFF without a forge that shows codes', () => {
  it('has no sign-in for one', async () => {
    const { fetch } = createBff(optionsOf())
    const headers = { 'content-type': 'application/json', 'forgepass-csrf': '1', origin: ORIGIN }
    const body = '{"code":"canary-code-1"}'
    const answer = await fetch(new Request(ORIGIN + CALLBACK, { method: 'POST', headers, body }))
    expect([answer.status, (await answer.json()).error]).toEqual([409, 'no_transaction'])
  })
})
