import { expect, it, vi } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { createClient } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'

it('does not put spent tokens back with the account where there are no Web Locks', async () => {
  const clock = { now: Date.UTC(2026, 9, 1) }
  const forge = createForge('gitlab', { now: () => clock.now, expires_in: 60 })
  const stored = new Map<string, unknown>()
  let isPaused = true
  const paused: (() => void)[] = []
  const storage = {
    get: (key: string) => stored.get(key),
    delete: (key: string) => stored.delete(key),
    keys: () => stored.keys(),
    async set(key: string, value: unknown) {
      if (isPaused && JSON.stringify(value).includes('account'))
        await new Promise<void>((resolve) => paused.push(resolve))
      stored.set(key, value)
    },
  }
  const client = createClient({
    provider: gitlab({ base: 'https://gitlab.test' }),
    client_id: 'forgepass-demo',
    redirect_uri: 'http://127.0.0.1/callback',
    scope: 'read_user',
    storage,
    transactions: new Map(),
    flow: async (url) => forge.visit(await url),
    fetch: async (input) => forge.fetch(input instanceof Request ? input : new Request(input)),
    now: () => clock.now,
  })
  await client.login()
  await vi.waitFor(() => expect(paused).toHaveLength(1))
  isPaused = false
  clock.now += 60_000
  // A lock holds this back until the account is stored; without one it goes ahead and must not be undone.
  const first = client.accessToken()
  await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 50))])
  for (const resume of paused) resume()
  await first
  await vi.waitFor(() => expect(client.snapshot?.account).toBeDefined())
  clock.now += 60_000
  await client.accessToken()
})
