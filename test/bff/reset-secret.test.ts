import { describe, expect, it } from 'vitest'
import { SECRET } from './app.ts'
import { CASES, type Case, startForge } from './forges.ts'

const RESET = 'canary-client-secret-2'
const HOUR = 3_600_000
/** Milliseconds after which one that was the same is read again. */
const REST = 10_000
const cases = Object.entries(CASES)
// GitCode takes a refresh token alone, the documented Gitea too.
const refreshing = cases.filter(
  ([name, { refreshes, settings }]) =>
    refreshes && !settings.provider.refresh_authentication && name !== 'the documented Gitea',
)

/** A forge whose secret can be reset, and a BFF that reads it from where it is kept. */
function startVault(one: Case) {
  const vault = { secret: SECRET, reads: 0, works: true, opens: Promise.resolve() }
  const app = startForge(one, {
    client_secret: async () => {
      vault.reads += 1
      await vault.opens
      if (!vault.works) throw new Error(vault.secret)
      return vault.secret
    },
  })
  const reset = () => Object.assign(app.forge.clients[0] ?? {}, { client_secret: RESET })
  const secrets = () => app.tokenRequests().map(({ body }) => body.get('client_secret'))
  return { ...app, vault, reset, secrets }
}

describe.each(cases)('a secret that was reset at %s', (_, one) => {
  it('is read again, and the sign-in goes on with the new one', async () => {
    const { vault, reset, secrets, signIn, call } = startVault(one)
    expect(await signIn()).toBe('/')
    reset()
    vault.secret = RESET
    expect(await signIn()).toBe('/')
    expect(secrets()).toEqual([SECRET, SECRET, RESET])
    expect(vault.reads).toBe(2)
    expect((await call()).status).toBe(200)
    expect(await signIn()).toBe('/')
    expect(vault.reads).toBe(2)
  })

  it('is read once more, and nothing is repeated while it is the same', async () => {
    const { vault, reset, secrets, signIn, session, clock } = startVault(one)
    reset()
    expect(await signIn()).toBe('/?forgepass_error=token_endpoint_error')
    expect(secrets()).toEqual([SECRET])
    expect(vault.reads).toBe(2)
    expect(await session()).toBeUndefined()
    vault.secret = RESET
    clock.now += REST
    expect(await signIn()).toBe('/')
  })

  it('is told as what it is where it cannot be read again', async () => {
    const { vault, reset, secrets, signIn } = startVault(one)
    expect(await signIn()).toBe('/')
    reset()
    vault.works = false
    expect(await signIn()).toBe('/?forgepass_error=token_endpoint_error')
    expect(secrets()).toEqual([SECRET, SECRET])
  })
})

describe.each(refreshing)('a session at %s whose secret was reset', (_, one) => {
  it('is refreshed with the new one', async () => {
    const { vault, reset, secrets, signIn, call, clock } = startVault(one)
    await signIn()
    reset()
    vault.secret = RESET
    clock.now += HOUR
    expect((await call()).status).toBe(200)
    expect(secrets()).toEqual([SECRET, SECRET, RESET])
  })

  it('stands while the BFF has the old one', async () => {
    const { vault, reset, signIn, call, clock } = startVault(one)
    await signIn()
    reset()
    clock.now += HOUR
    const answer = await call()
    expect([answer.status, answer.headers.get('forgepass-error')]).toEqual([502, 'token_endpoint_error'])
    expect(answer.headers.getSetCookie()).toEqual([])
    vault.secret = RESET
    clock.now += REST
    expect((await call()).status).toBe(200)
  })
})

it('is read once for all who need it at a time', async () => {
  const one = CASES['GitLab of today'] as Case
  const { vault, reset, secrets, leave, forge, comeBack, signIn, clock } = startVault(one)
  const first = await forge.visit(await leave())
  const second = await forge.visit(await leave())
  reset()
  expect(await signIn()).toContain('forgepass_error')
  expect(vault.reads).toBe(2)
  clock.now += REST
  let open = () => {}
  vault.opens = new Promise((resolve) => {
    open = resolve
  })
  const both = [comeBack(first), comeBack(second)]
  await expect.poll(() => secrets().length).toBe(3)
  vault.secret = RESET
  open()
  expect(await Promise.all(both)).toEqual(['/', '/'])
  expect(vault.reads).toBe(3)
})

it('is not read again for a code that was refused', async () => {
  const { vault, leave, forge, comeBack } = startVault(CASES['GitLab of today'] as Case)
  const back = await forge.visit(await leave())
  forge.fault('expired-code')
  expect(await comeBack(back)).toBe('/?forgepass_error=token_endpoint_error')
  expect(vault.reads).toBe(1)
})

describe('all user tokens revoked at GitKraken', () => {
  it('end the session at the next call with login_required', async () => {
    const { forge, signIn, call, session } = startForge(CASES.GitKraken as Case)
    await signIn()
    forge.revokeAll()
    const answer = await call()
    expect([answer.status, answer.headers.get('forgepass-error')]).toEqual([401, 'login_required'])
    expect(answer.headers.getSetCookie().join()).toMatch(/Max-Age=0/i)
    expect(await session()).toBeUndefined()
    expect(await signIn()).toBe('/')
  })
})
