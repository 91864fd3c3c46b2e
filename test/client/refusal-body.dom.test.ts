import { describe, expect, it } from 'vitest'
import { type Flow, paste } from '../../src/index.ts'
import { failure } from './app.ts'
import { startBff } from './bff.ts'

/** What a gateway may put in place of the body of a refusal. */
const BODIES = ['null', '1', '"x"', '', '<p>', '{"hint":{"a":1},"left":null}', '{"hint":7}', '{"hint":["a"]}']
const HEADERS = { 'forgepass-error': 'server_error' }

describe('a refusal whose body a gateway has replaced', () => {
  it.each(BODIES)('is told by its code and status in the usual words: %s', async (body) => {
    const { client } = startBff({ fetch: async () => new Response(body, { status: 500, headers: HEADERS }) })
    const error = await failure(client.fetch('boards'))
    expect(error).toMatchObject({ name: 'OAuthError', code: 'server_error', status: 500 })
    expect(error.message).toBe('server error: Start the sign-in again.')
  })

  it.each(BODIES)('ends a paste in the same way: %s', async (body) => {
    for (const headers of [HEADERS, undefined]) {
      const fetch = async () => new Response(body, { status: 400, ...(headers && { headers }) })
      const flow: Flow = paste({ ask: async () => 'x', fetch })
      const url = new URL('https://www.app.example/auth/login/share?return_to=%2F')
      const { signal } = new AbortController()
      const error = await failure(flow(Promise.resolve(url), { redirect_uri: `${url}`, signal }))
      const code = headers ? 'server_error' : 'bad_status'
      expect(error).toMatchObject({ name: 'OAuthError', code, status: 400 })
      expect(error.message).toBe(`${code.replace('_', ' ')}: Start the sign-in again.`)
    }
  })
})
