import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type Account,
  type BffClient,
  type ClientOptions,
  createBffClient,
  createClient,
  implicit,
  type LoginClient,
  type LoginOptions,
  OAuthError,
  type OAuthErrorCode,
  type PasswordLogin,
  type PersonalTokenLogin,
  password,
  personalToken,
  popup,
  type Session,
} from '../../src/index.ts'
import { defineProvider, gitea, gitkraken, gitlab, type Provider } from '../../src/provider/index.ts'
import { findPlace } from './app.ts'
import { silently } from './implicit-app.ts'

const { base, redirect_uri } = findPlace()
const app = { client_id: 'APP', redirect_uri }

/** The members of a union that an editor offers: the literals, not the text that stands for any other. */
type Offered<T> = T extends string ? (string extends T ? never : T) : never
type ScopesOf<P> =
  P extends Provider<infer G, infer S> ? Offered<NonNullable<ClientOptions<G, S>['scope']>> : never

const codeOf = (make: () => unknown): OAuthErrorCode | undefined => {
  try {
    make()
  } catch (error) {
    return (error as OAuthError).code
  }
  return undefined
}

describe('the types', () => {
  it('take an app as the README shows it', () => {
    const client = createClient({ provider: gitlab({ base }), ...app, scope: 'read_user' })
    expectTypeOf(client).toExtend<LoginClient>()
    expectTypeOf(client.snapshot).toEqualTypeOf<Session | null | undefined>()
    expectTypeOf<Session['account']>().toEqualTypeOf<Account | undefined>()
    expect(client.snapshot).toBeUndefined()
  })

  it('security 21: refuse a client_secret, and so does the client', () => {
    const provider = gitlab({ base })
    // @ts-expect-error a secret has no place in a browser
    expect(codeOf(() => createClient({ provider, ...app, client_secret: 'x' }))).toBe(
      'client_secret_in_browser',
    )
    const stray = { provider, ...app, client_secret: 'x' }
    // @ts-expect-error also where the options come from elsewhere
    expect(codeOf(() => createClient(stray))).toBe('client_secret_in_browser')
  })

  it('are refused without a client_id, or with a base that is no address', () => {
    const nobody = { ...app, provider: gitlab({ base }), client_id: '' }
    const nowhere = { ...app, provider: gitlab({ base: 'git.example.org' }) }
    for (const options of [nobody, nowhere]) {
      expect(() => createClient(options)).toThrow(
        expect.objectContaining({ code: 'invalid_options', hint: expect.stringContaining('https://') }),
      )
    }
  })

  it('refuse a provider that needs a secret, in one sentence, and so does the client', () => {
    const metadata = {
      issuer: base,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
    }
    const provider = defineProvider({ ...metadata, grants: { code: 'confidential' } })
    expectTypeOf(provider.grants.code).toEqualTypeOf<'confidential'>()
    // @ts-expect-error This provider demands a client_secret
    expect(codeOf(() => createClient({ provider, ...app }))).toBe('secret_required')
    const open = defineProvider({ ...metadata, grants: { code: 'public' } })
    expectTypeOf<
      Parameters<typeof createClient<typeof open.grants, string>>[0]['provider']
    >().toExtend<Provider>()
    expectTypeOf(open.grants.code).toEqualTypeOf<'public'>()
  })

  it('refuse GitKraken and an old Gitea for the code, and take them for a personal token', () => {
    const old = gitea({ base, profile: 'documented' })
    // @ts-expect-error This provider demands a client_secret: use createBff and createBffClient.
    expect(codeOf(() => createClient({ provider: gitkraken(), ...app }))).toBe('secret_required')
    // @ts-expect-error This provider demands a client_secret: use createBff and createBffClient.
    expect(codeOf(() => createClient({ provider: old, ...app }))).toBe('secret_required')
    type Refused = Parameters<typeof createClient<ReturnType<typeof gitkraken>['grants'], string>>[0]
    type Sentence = 'This provider demands a client_secret: use createBff and createBffClient.'
    expectTypeOf<Refused['provider']>().toExtend<Sentence>()
    expect(
      codeOf(() => createClient({ provider: gitea({ base: `${base}/tea` }), ...app, redirect_uri: '/tea' })),
    ).toBe(undefined)
    for (const provider of [gitkraken(), old] as const)
      expect(codeOf(() => createClient({ provider, grant: personalToken() }))).toBe(undefined)
  })

  it('know what login takes by the grant', () => {
    const byCode = createClient({ provider: gitlab({ base }), ...app, flow: popup() })
    const byToken = createClient({ provider: gitlab({ base }), grant: personalToken() })
    expectTypeOf<Parameters<typeof byCode.login>>().toEqualTypeOf<[options?: LoginOptions]>()
    expectTypeOf(byToken.login).parameters.toEqualTypeOf<[options: PersonalTokenLogin]>()
    expectTypeOf(byToken).toExtend<LoginClient<PersonalTokenLogin>>()
    // @ts-expect-error nothing to sign in with
    const missing: Parameters<typeof byToken.login> = []
    // @ts-expect-error a personal token has no scope to ask for
    const scoped: Parameters<typeof byToken.login> = [{ token: 'x', scope: 'api' }]
    expect([missing, scoped]).toHaveLength(2)
  })

  it('refuse a personal token where the provider takes none', () => {
    const provider = defineProvider({
      issuer: base,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
    })
    // @ts-expect-error This provider has no such grant.
    const create = () => createClient({ provider, grant: personalToken() })
    expect(codeOf(create)).toBe('unsupported_by_provider')
  })

  it('security 25: refuse the implicit grant and passwords where the provider has neither, and so does the client', () => {
    const [provider, old] = [gitlab({ base }), gitlab({ base, profile: 'documented' })]
    const grant = silently(() => implicit()).result
    // @ts-expect-error This provider has no such grant.
    expect(codeOf(() => createClient({ provider, grant, ...app }))).toBe('unsupported_by_provider')
    // @ts-expect-error This provider has no such grant.
    expect(codeOf(() => createClient({ provider, grant: password() }))).toBe('unsupported_by_provider')
    // @ts-expect-error This provider demands a client_secret: use createBff and createBffClient.
    expect(codeOf(() => createClient({ provider: old, ...app }))).toBe('secret_required')
    // @ts-expect-error The implicit grant is one of an application: no client_id
    expect(codeOf(() => createClient({ provider: old, grant, redirect_uri }))).toBe('invalid_options')
    const byImplicit = createClient({ provider: old, grant, ...app, redirect_uri: '/implicit' })
    expectTypeOf<Parameters<typeof byImplicit.login>>().toEqualTypeOf<[options?: LoginOptions]>()
    const byPassword = createClient({ provider: old, grant: password({ body: 'json' }) })
    expectTypeOf(byPassword.login).parameters.toEqualTypeOf<[options: PasswordLogin]>()
    // @ts-expect-error nothing to sign in with
    const missing: Parameters<typeof byPassword.login> = []
    expect(missing).toEqual([])
  })

  it('give a client of a BFF the same verbs, and no token', () => {
    const client = createBffClient({ base: '/auth', provider: 'gitkraken', flow: popup() })
    expectTypeOf(client).toEqualTypeOf<BffClient>()
    expectTypeOf<BffClient['snapshot']>().toEqualTypeOf<LoginClient['snapshot']>()
    expectTypeOf<BffClient>().not.toHaveProperty('accessToken')
    expectTypeOf(client.fetch).parameter(0).toEqualTypeOf<string>()
    // @ts-expect-error what the forge is asked for is the server's to say
    const scoped: Parameters<typeof client.login> = [{ scope: 'user:write' }]
    expect([scoped, client.snapshot]).toEqual([[{ scope: 'user:write' }], undefined])
  })

  it('refuse a provider without the code grant at run time', () => {
    const provider: Provider = { ...gitlab({ base }), grants: {} }
    expect(codeOf(() => createClient({ provider, ...app }))).toBe('unsupported_by_provider')
  })

  it('offer the scopes that a forge is known to have, and take any other text', () => {
    expectTypeOf<ScopesOf<ReturnType<typeof gitlab>>>()
      .extract<'read_user' | 'openid'>()
      .toEqualTypeOf<'read_user' | 'openid'>()
    expectTypeOf<ScopesOf<ReturnType<typeof gitlab>>>().extract<'no_such_scope'>().toBeNever()
    expectTypeOf<'read_user api anything'>().toExtend<NonNullable<ClientOptions['scope']>>()
    // @ts-expect-error a list is no scope: it is one text, as on the wire
    const listed: ClientOptions = { provider: gitlab({ base }), ...app, scope: ['read_user'] }
    expect(listed.scope).toHaveLength(1)
  })

  it('demand what every client needs', () => {
    // @ts-expect-error no provider
    const nobody: ClientOptions = { ...app }
    // @ts-expect-error no client_id
    const nameless: ClientOptions = { provider: gitlab({ base }), redirect_uri }
    // @ts-expect-error no redirect_uri
    const homeless: ClientOptions = { provider: gitlab({ base }), client_id: 'APP' }
    expect([nobody, nameless, homeless]).toHaveLength(3)
  })

  it('have every code of an error as a word to switch on', () => {
    expectTypeOf<'state_mismatch' | 'login_required' | 'cors_blocked'>().toExtend<OAuthErrorCode>()
    expectTypeOf<string>().not.toExtend<OAuthErrorCode>()
    const { code, hint, message } = new OAuthError('login_required')
    expectTypeOf(code).toEqualTypeOf<OAuthErrorCode>()
    expectTypeOf(hint).toEqualTypeOf<string>()
    expect(message).toContain('login required')
    // @ts-expect-error there is no such code
    expect(new OAuthError('something_went_wrong')).toBeInstanceOf(Error)
  })

  it('keep tokens out of a session', () => {
    expectTypeOf<keyof Session>().toEqualTypeOf<'account' | 'claims' | 'scope' | 'expires_at' | 'stale'>()
    expectTypeOf<Session>().not.toHaveProperty('access_token')
  })
})
