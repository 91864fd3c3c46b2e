import { describe, expect, it } from 'vitest'
import { gitlab } from '../../src/provider/index.ts'
import { json, startBff } from './app.ts'

/** Somebody who is signed in with this token, at a forge that takes it in the address. */
async function startWith(access_token: string) {
  const provider = gitlab({ base: 'https://gitlab.example', token_in: 'query' })
  const app = startBff({ providers: { gitlab: { provider } } })
  app.answers.token = () => json({ access_token, token_type: 'bearer', expires_in: 7200 })
  await app.signIn()
  return { ...app, call: () => app.browser.send('/auth/api/gitlab/projects') }
}

/** A body that comes in parts of so many bytes. */
function inParts(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.slice(at, at + size))
      at += size
      if (at >= bytes.length) controller.close()
    },
  })
}

const TOKENS = ['ab+cd/EF_1234567890==~x', 'glpat-abcdefgh_12345678', 'aab+aab+aac%41', 'x%']

type Write = (text: string) => string
const each = (write: (code: number) => string) => (text: string) =>
  text.replace(/[^A-Za-z0-9]/g, (sign) => write(sign.charCodeAt(0)))
const hex = (code: number, length: number) => code.toString(16).padStart(length, '0')

const WRITINGS: [string, Write][] = [
  ['itself', (text) => text],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded twice', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['percent-encoded three times', (text) => [0, 1, 2].reduce(encodeURIComponent, text)],
  ['JSON with \\u', each((code) => `\\u${hex(code, 4)}`)],
  ['JSON in JSON with \\u', each((code) => `\\\\u${hex(code, 4).toUpperCase()}`)],
  ['JSON in JSON with escaped slashes', (text) => text.replaceAll('/', '\\\\\\/')],
  ['HTML', each((code) => `&#${code};`)],
  ['HTML with hexadecimals', each((code) => `&#x${hex(code, 2)};`)],
  ['HTML throughout', (text) => [...text].map((sign) => `&#${sign.charCodeAt(0)};`).join('')],
  ['capitals', (text) => text.toUpperCase()],
]

describe('a token in the address', () => {
  it.each(WRITINGS)('is in no body or header, however it is written: %s', async (_, write) => {
    for (const token of TOKENS) {
      const app = await startWith(token)
      for (const size of [1, 5, 9999]) {
        const text = `asked for ${write(token)} and ${write(token)}.`
        const headers = { 'x-request-id': text, 'content-type': 'text/plain' }
        app.answers.api = () => new Response(inParts(new TextEncoder().encode(text), size), { headers })
        const answer = await app.call()
        expect([await answer.text(), answer.headers.get('x-request-id')]).toEqual(
          Array(2).fill('asked for  and .'),
        )
      }
    }
  })

  it('is in no body that ends in it', async () => {
    for (const token of TOKENS) {
      const app = await startWith(token)
      app.answers.api = ({ url }) => new Response(`GET ${url}`)
      expect(await (await app.call()).text()).toBe('GET https://gitlab.example/api/v4/projects?')
    }
  })

  it('is in no body in UTF-16, which stays readable', async () => {
    const app = await startWith('glpat-abcdefgh_12345678')
    for (const size of [1, 3, 64, 9999]) {
      app.answers.api = ({ url }) => new Response(inParts(Buffer.from(`→ ${url}&a=1 ü`, 'utf16le'), size))
      const text = Buffer.from(await (await app.call()).arrayBuffer()).toString('utf16le')
      expect(text).toMatch(/^→ https:\/\/gitlab.example\/api\/v4\/projects\?&?a=1 ü$/)
    }
  })

  it('is found right behind what only looks like the beginning of one', async () => {
    const app = await startWith('aab+aab+aac')
    for (const before of ['a', 'aab+', 'aab%2b', '%', '&#', '%2', '\\u00', 'access_token=a']) {
      app.answers.api = () => new Response(`${before}aab+aab+aac!`)
      expect(await (await app.call()).text()).toBe(`${before}!`)
    }
  })
})

describe('an answer that comes bit by bit', () => {
  it('goes on to the page at once, but for what may be the beginning of a token', async () => {
    const app = await startWith('0123456789abcdef'.repeat(4))
    const encode = (text: string) => new TextEncoder().encode(text)
    let push: (text: string) => void = () => {}
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      push = (text) => controller.enqueue(encode(text))
    }
    app.answers.api = () => new Response(new ReadableStream({ start }))
    const reader = (await app.call()).body?.getReader()
    const read = async () => new TextDecoder().decode((await reader?.read())?.value)
    for (const event of ['data: hello\n\n', 'data: 0123\n\n', 'data: ü\n\n', '\n']) {
      push(event)
      expect(await read()).toBe(event)
    }
    push('data: ?access_token=0123456789ab')
    expect(await read()).toBe('data: ?')
    push('\n\n')
    expect(await read()).toBe('access_token=0123456789ab\n\n')
    await reader?.cancel()
  })
})
