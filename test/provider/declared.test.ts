import { describe, expect, expectTypeOf, it } from 'vitest'
import { type ClientOptions, createClient } from '../../src/index.ts'
import {
  defineProvider,
  forgejo,
  gitcode,
  gitea,
  github,
  gitkraken,
  gitlab,
  gitshare,
  type Provider,
} from '../../src/provider/index.ts'

const base = 'https://git.example.org'

/** What is declared of a forge beside its addresses. */
const told = ({ default_scope, cors, registration, bad_client }: Provider) => ({
  default_scope,
  cors,
  registration,
  bad_client,
})

describe('what is declared of a forge', () => {
  const tea = { bad_client: { code: ['unauthorized_client'] } }
  const open = {
    default_scope: 'read:user',
    cors: { token: 'configured', api: 'configured' },
    registration: { client_type: 'chosen' },
  }
  const wrong = ['incorrect_client_credentials']
  it.each<[string, Provider, object]>([
    [
      'GitLab',
      gitlab(),
      {
        default_scope: 'read_user',
        cors: { token: 'always', api: 'always' },
        registration: { scopes: 'ticked', client_type: 'chosen' },
      },
    ],
    [
      'the documented GitLab',
      gitlab({ profile: 'documented' }),
      {
        default_scope: 'read_user',
        cors: { token: 'configured', api: 'always' },
        registration: { scopes: 'ticked' },
      },
    ],
    ['Gitea', gitea({ base }), { ...tea, ...open }],
    ['the documented Gitea', gitea({ base, profile: 'documented' }), { ...tea, cors: { token: 'never' } }],
    ['Forgejo', forgejo(), { ...tea, ...open }],
    [
      'GitHub',
      github(),
      {
        default_scope: 'read:user',
        cors: { token: 'never', api: 'always' },
        bad_client: { code: wrong, refresh: wrong },
      },
    ],
    ['GitCode', gitcode(), { default_scope: 'all_user', cors: { token: 'never', api: 'always' } }],
    [
      'GitKraken',
      gitkraken(),
      {
        default_scope: 'user:read',
        cors: { token: 'never', api: 'always' },
        registration: { redirect_uri: 'fixed' },
      },
    ],
    ['GitShare', gitshare(), {}],
  ])(
    '%s: what it is asked for, who may read it, and how an application is registered',
    (_, provider, expected) => expect(told(provider)).toEqual(expected),
  )

  const settings = `${base}/user/settings/applications`
  const shared = { application: settings, personal_token: settings, revocation: settings }
  it.each<[string, Provider, object]>([
    [
      'GitLab',
      gitlab({ base }),
      {
        application: `${base}/-/user_settings/applications`,
        personal_token: `${base}/-/user_settings/personal_access_tokens`,
      },
    ],
    [
      'the documented GitLab',
      gitlab({ base, profile: 'documented' }),
      {
        application: `${base}/profile/applications`,
        personal_token: `${base}/profile/personal_access_tokens`,
      },
    ],
    ['Gitea', gitea({ base }), shared],
    ['the documented Gitea', gitea({ base, profile: 'documented' }), shared],
    ['Forgejo', forgejo({ base }), shared],
    [
      'GitHub',
      github(),
      {
        application: 'https://github.com/settings/applications/new',
        personal_token: 'https://github.com/settings/tokens',
        revocation: 'https://github.com/settings/applications',
      },
    ],
    ['GitCode', gitcode(), { personal_token: 'https://gitcode.com/setting/token-classic' }],
    [
      'GitKraken',
      gitkraken(),
      {
        application: 'https://app.gitkraken.com/oauth_apps',
        personal_token: 'https://app.gitkraken.com/pats',
      },
    ],
    ['GitShare', gitshare(), { application: 'https://app.gitshare.io/oauth/oauth2_workflow/' }],
  ])('%s: the pages for people', (_, { pages }, expected) => expect(pages).toEqual(expected))
})

describe('the scopes of a provider that an application defines', () => {
  it('are completed, and any other text is taken', () => {
    const provider = defineProvider({
      issuer: base,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
      scopes: ['see', 'change'],
      default_scope: 'see',
    })
    expectTypeOf(provider).toExtend<Provider<{ code: 'public' }, 'see' | 'change'>>()
    type Offered<P> = P extends Provider<infer G, infer S> ? NonNullable<ClientOptions<G, S>['scope']> : never
    expectTypeOf<'see'>().toExtend<Offered<typeof provider>>()
    expectTypeOf<'see change anything'>().toExtend<Offered<typeof provider>>()
    expectTypeOf(provider.default_scope).toEqualTypeOf<'see' | 'change' | undefined>()
    const redirect_uri = 'https://app.example/callback/defined'
    const client = createClient({ provider, client_id: 'APP', redirect_uri, scope: 'see else' })
    expect(client.snapshot).toBeUndefined()
  })
})
