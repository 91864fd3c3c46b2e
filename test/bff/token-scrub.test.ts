import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gitlab } from '../../src/provider/index.ts'
import { patience, runs } from '../client/arbitrary.ts'
import { type App, startBff } from './app.ts'

async function startSignedIn() {
  const provider = gitlab({ base: 'https://gitlab.example', token_in: 'query' })
  const app = startBff({ providers: { gitlab: { provider } } })
  await app.signIn()
  return app
}

const call = ({ browser }: App) => browser.send('/auth/api/gitlab/projects')

/** An answer that comes in parts. */
function inParts(parts: readonly Uint8Array[]): Response {
  const stream = new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
  return new Response(stream)
}

describe('a token in the address', () => {
  it.each([
    ['text', (url: string) => url, 'GET https://gitlab.example/api/v4/projects?'],
    ['JSON', (url: string) => JSON.stringify({ next: `${url}&page=2` }), 'page=2'],
    ['JSON with escapes', (url: string) => `"${url.replaceAll('/', '\\/')}\\u0026page=2"`, 'page=2'],
    ['an address in an address', (url: string) => `/sign_in?to=${encodeURIComponent(url)}`, '/sign_in?to='],
    ['the token alone, in other letters', () => 'CANARY-ACCESS-1 canary%2daccess%2D1', ' '],
  ])('is in no body that repeats it as %s, however it is cut', async (_, say, kept) => {
    for (const size of [1, 7, 1000]) {
      const app = await startSignedIn()
      app.answers.api = ({ url }) => {
        const bytes = new TextEncoder().encode(`GET ${say(url)} \u00e4\u{1f511}`)
        const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (__, index) =>
          bytes.slice(index * size, (index + 1) * size),
        )
        return inParts(parts)
      }
      const text = await (await call(app)).text()
      expect(text).not.toMatch(/canary|access-1/i)
      expect(text).toContain(kept)
      expect(text.endsWith(' \u00e4\u{1f511}')).toBe(true)
    }
  })

  it('leaves a body as it is, byte for byte', { timeout: patience }, async () => {
    const app = await startSignedIn()
    const bytes = fc.array(fc.uint8Array({ minLength: 1, maxLength: 90 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(bytes, async (parts) => {
        app.answers.api = () => inParts(parts)
        const body = Buffer.from(await (await call(app)).arrayBuffer())
        expect(body.equals(Buffer.concat(parts))).toBe(true)
      }),
      { numRuns: Math.min(runs.numRuns, 300) },
    )
  })
})
