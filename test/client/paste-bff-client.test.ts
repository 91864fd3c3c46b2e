import { beforeAll, describe, expect, it } from 'vitest'
import { createBffClient } from '../../src/index.ts'
import { failure } from './app.ts'
import { startShare } from './paste-app.ts'

const ORIGIN = 'https://www.app.example'

// A DOM that keeps scripts from sending Origin and cookies would keep them from the BFF behind `fetch`, too.
beforeAll(() => {
  Object.defineProperty(globalThis, 'location', { value: new URL(`${ORIGIN}/app`), configurable: true })
})

describe('a client of a BFF whose person pastes', () => {
  it('is signed in after a wrong one, and calls the API', async () => {
    const { flowOf, copy, fetch, asked, sent } = startShare(ORIGIN)
    const wrong = async (question: Parameters<typeof copy>[0]) => `${await copy(question)}x`
    const client = createBffClient({ base: '/auth', provider: 'share', flow: flowOf(wrong, copy), fetch })
    expect(await client.login({ return_to: '/here' })).toMatchObject({ account: { username: 'ada' } })
    expect(client.snapshot?.account?.username).toBe('ada')
    expect(asked.map(({ url }) => url.href)).toEqual(
      Array(2).fill(`${ORIGIN}/auth/login/share?return_to=%2Fhere&manual=1`),
    )
    expect(sent.map(({ path }) => path)).toEqual([
      '/auth/callback/share',
      '/auth/callback/share',
      '/auth/session',
    ])
    expect((await client.fetch('path/info/')).status).toBe(200)
  })

  it('hears why it is not', async () => {
    const { flowOf, fetch, sent } = startShare(ORIGIN)
    const flow = flowOf(async () => 'a')
    const client = createBffClient({ base: '/auth', provider: 'share', flow, fetch })
    expect(await failure(client.login())).toMatchObject({ code: 'no_transaction', status: 409 })
    expect(client.snapshot).toBeUndefined()
    expect(sent).toHaveLength(1)
  })
})
