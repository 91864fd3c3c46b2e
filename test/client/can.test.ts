import { describe, expect, it } from 'vitest'
import { createClient, implicit, password, personalToken } from '../../src/index.ts'
import { defineProvider, gitea, gitlab, type Provider } from '../../src/provider/index.ts'
import { findPlace, startApp } from './app.ts'
import { silently } from './implicit-app.ts'

const old = () => gitlab({ base: findPlace().base, profile: 'documented' })

/** A client of a page, at a forge that no other is at. */
function clientAt(make: (place: { base: string }) => Provider) {
  const { base, redirect_uri } = findPlace()
  return createClient({ provider: make({ base }), client_id: 'APP', redirect_uri })
}

/** A server that keeps to the specifications, and what it has beside. */
const standard =
  (more: Partial<Provider> = {}) =>
  ({ base }: { base: string }): Provider => ({
    ...defineProvider({
      issuer: base,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
    }),
    ...more,
  })

const revoking = standard({ revocation_endpoint: 'https://revocation.example/' })
const once = standard({ grants: { code: 'public' } })
const secretly = standard({ grants: { code: 'public', refresh: 'confidential' } })
const byImplicit = { grant: silently(() => implicit()).result, client_id: 'APP', redirect_uri: '/implicit' }

describe('what a client can do', () => {
  it.each<[string, { can(what: 'refresh' | 'revoke'): boolean }, boolean, boolean]>([
    ['at a GitLab', clientAt(gitlab), true, true],
    ['at a Gitea', clientAt(gitea), true, false],
    ['at a standard server', clientAt(standard()), true, false],
    ['at one that revokes', clientAt(revoking), true, true],
    ['at one that knows no refresh', clientAt(once), false, false],
    ['at one that refreshes against a secret', clientAt(secretly), false, false],
    ['with a personal token', createClient({ provider: gitlab(), grant: personalToken() }), false, false],
    ['with a password', createClient({ provider: old(), grant: password() }), false, true],
    ['by the implicit grant', createClient({ provider: old(), ...byImplicit }), false, true],
  ])('%s is told from the data of its provider', (_, client, refresh, revoke) => {
    expect([client.can('refresh'), client.can('revoke')]).toEqual([refresh, revoke])
  })

  it('is told before and after a sign-in, and asks no server', async () => {
    const { client, signIn, sent } = startApp()
    expect(client.can('refresh')).toBe(true)
    await signIn()
    const before = sent.length
    expect([client.can('refresh'), client.can('revoke')]).toEqual([true, true])
    expect(sent).toHaveLength(before)
    // @ts-expect-error there is no third thing to ask for
    expect(client.can('introspect')).toBe(true)
  })
})
