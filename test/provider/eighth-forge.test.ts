import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createForge, type Forge } from '../../src/emulator/index.ts'
import { createClient, type Flow } from '../../src/index.ts'
import type { Deviations } from '../../src/provider/index.ts'
import { type Case, startForge } from '../bff/forges.ts'
import { createLateStorage, createLock, failure, until } from '../client/app.ts'
import { DEVIANTS, deviate } from './deviant.ts'
import { lumberyard } from './eighth-forge.ts'

const HOUR = 3_600_000

/** A Lumberyard at a path of its own, what is declared of it, and what it does otherwise. */
interface Site {
  readonly declared?: Deviations
  readonly change?: (forge: Forge) => Forge
}

const place = ({ declared }: Site) => {
  const basePath = `/${crypto.randomUUID()}`
  return { basePath, provider: lumberyard(`https://yard.example${basePath}`, declared) }
}

/** A page's application there: a public client, whose person says yes. */
function startPage(site: Site = {}) {
  const { basePath, provider } = place(site)
  const { change = (forge: Forge) => forge } = site
  const clock = { now: Date.UTC(2026, 9, 1) }
  const now = () => clock.now
  const redirect_uri = `https://app.example/callback${basePath}`
  const clients = [{ client_id: 'page', name: 'Page', redirect_uris: [redirect_uri] }]
  const forge = change(createForge('gitlab', { basePath, clients, now, expires_in: 3600 }))
  const flow: Flow = async (url) => forge.visit(await url)
  const client = createClient({
    ...{ provider, client_id: 'page', redirect_uri, flow, now, lock: createLock() },
    ...{ storage: createLateStorage(), transactions: createLateStorage() },
    fetch: (input, init) => forge.fetch(new Request(input, init)),
  })
  return { client, clock, forge }
}

/** The same for a BFF, whose application has a secret. */
function caseOf(site: Site = {}): Case {
  const { basePath, provider } = place(site)
  const { change = (forge: Forge) => forge } = site
  return {
    make: (registered) => change(createForge('gitlab', { ...registered, basePath })),
    settings: { provider },
    api: 'user',
    ...{ refreshes: true, redirect_uri: 'both', pkce: true, denial: 'authorization_error' },
  }
}

/** Signs in, calls the API, renews the token and signs out, from a page. */
async function livePage({ client, clock }: ReturnType<typeof startPage>) {
  const { scope } = await client.login()
  await until(() => expect(client.snapshot?.account).toMatchObject({ username: 'ada', name: 'Ada Okafor' }))
  const first = await client.accessToken()
  const called = (await client.fetch('user')).status
  clock.now += HOUR
  const again = (await client.fetch('user')).status
  const isRenewed = (await client.accessToken()) !== first
  const { revoked } = await client.logout()
  return { scope, called, again, isRenewed, revoked, session: await client.session() }
}

/** The same through a BFF. */
async function liveBff(app: ReturnType<typeof startForge>) {
  expect(await app.signIn()).toBe('/')
  const { scope, account } = await app.session()
  expect(account).toMatchObject({ username: 'ada', name: 'Ada Okafor' })
  const called = (await app.call()).status
  app.clock.now += HOUR
  const again = (await app.call()).status
  const isRenewed = app.tokenRequests().length === 2
  const { revoked } = await app.logout()
  return { scope, called, again, isRenewed, revoked, session: (await app.session()) ?? null }
}

const whole = { scope: 'read_user', called: 200, again: 200, isRenewed: true, revoked: true, session: null }

describe('a standard forge that nobody knew', () => {
  it('is one file of data, shorter than 30 lines', () => {
    const text = readFileSync(new URL('eighth-forge.ts', import.meta.url), 'utf8')
    expect(text.trimEnd().split('\n').length).toBeLessThan(30)
    expect(text.match(/\bimport\b/g)).toHaveLength(1)
  })

  it('lets a page sign in, know the account, call the API, renew, revoke and sign out', async () => {
    const page = startPage()
    expect([page.client.can('refresh'), page.client.can('revoke')]).toEqual([true, true])
    expect(await livePage(page)).toEqual(whole)
    expect(page.forge.requests.filter(({ path }) => path.endsWith('/oauth/revoke'))).toHaveLength(2)
  })

  it('lets people sign in through a BFF, and does the same for it', async () => {
    const one = caseOf()
    const app = startForge(one)
    expect(await liveBff(app)).toEqual(whole)
    const revoked = app.sent.filter(({ url }) => url.pathname.endsWith('/oauth/revoke'))
    expect(revoked.map(({ body }) => body.get('token_type_hint'))).toEqual(['refresh_token', 'access_token'])
    for (const { url } of app.sent) expect(url.href.startsWith(one.settings.provider.issuer)).toBe(true)
  })
})

describe.each(Object.entries(DEVIANTS))('a forge that %s', (_, { does, declared }) => {
  const change = (forge: Forge) => deviate(forge, does)

  it('signs nobody in as long as its data does not say so', async () => {
    const { client } = startPage({ change })
    await failure(client.login())
    expect(await client.session()).toBeNull()
    const app = startForge(caseOf({ change }))
    expect(await app.signIn()).toMatch(/^\/\?forgepass_error=\w+$/)
  })

  it('works for a page and for a BFF once one word there says it', async () => {
    expect(Object.keys(declared)).toHaveLength(1)
    expect(await livePage(startPage({ change, declared }))).toEqual(whole)
    expect(await liveBff(startForge(caseOf({ change, declared })))).toEqual(whole)
  })
})
