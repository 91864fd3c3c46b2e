import { describe, expect, it } from 'vitest'
import { createBff } from '../../src/bff/index.ts'
import { defineProvider, gitea, gitkraken, gitlab } from '../../src/provider/index.ts'
import { PROVIDERS, SECRET } from './app.ts'
import { expectRefusal, withProvider, wrong, wrongForge } from './misconfiguration.ts'

describe('createBff', () => {
  it.each(['get user', '/user', 'GET /user', 'GET  user', 'user GET', '', 'user?x=1'])(
    'refuses the API rule %j, which could match nothing',
    (rule) => expectRefusal(wrongForge({ api: [rule] }), 'invalid_options', /^Give the rules of "gitlab"/),
  )

  it.each([
    ['authorization_endpoint', 'http://gitlab.example/a'],
    ['token_endpoint', 'http://gitlab.example/t'],
    ['token_endpoint', 'http://localhost.evil.example/t'],
    ['token_endpoint', '/oauth/token'],
    ['revocation_endpoint', 'http://gitlab.example/r'],
    ['api_base', 'http://gitlab.example/api/'],
    ['api_base', 'javascript:/'],
  ])('refuses a provider whose %s is %s', (endpoint, address) =>
    expectRefusal(
      withProvider({ [endpoint]: address }),
      'invalid_options',
      /^Give "gitlab" https addresses: .* is none/,
    ),
  )

  it('refuses an api_base without its slash, and an account that is read in the open', () => {
    expectRefusal(withProvider({ api_base: 'https://g.example/api' }), 'invalid_options', /end with a slash/)
    const account = { ...gitlab().account, url: 'http://gitlab.example/user' }
    expectRefusal(withProvider({ account }), 'invalid_options', /^Give "gitlab" https addresses/)
  })

  it('refuses a provider without the code grant, without S256, and one that demands pushed requests', () => {
    expectRefusal(withProvider({ grants: {} }), 'unsupported_by_provider', /no authorization code grant/)
    const plain = withProvider({ code_challenge_methods_supported: ['plain'] })
    expectRefusal(plain, 'pkce_unsupported', /PKCE/)
    const pushed = withProvider({ require_pushed_authorization_requests: true })
    expectRefusal(pushed, 'unsupported_by_kit', /pushed requests/)
  })

  it('refuses two servers that claim one issuer, and takes one server under two names', () => {
    const honest = { ...PROVIDERS.gitlab, client_id: 'one', client_secret: SECRET }
    const { issuer } = honest.provider
    const provider = defineProvider({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: 'https://evil.example/token',
    })
    const evil = { provider, client_id: 'two', client_secret: SECRET }
    expectRefusal(
      wrong({ providers: { honest, evil } }),
      'duplicate_issuer',
      /^Two providers claim to be https:\/\/gitlab.example/,
    )
    expect(
      createBff(wrong({ providers: { honest, other: { ...honest, client_id: 'two' } } })).fetch,
    ).toBeTypeOf('function')
  })

  it('is made of plain provider data, whatever its forge', () => {
    const client = { client_id: 'app', client_secret: SECRET, scope: 'user:read' }
    const providers = {
      gitkraken: { ...client, provider: gitkraken() },
      gitea: { ...client, provider: gitea({ base: 'https://git.example/sub' }) },
    }
    expect(createBff(wrong({ providers })).fetch).toBeTypeOf('function')
  })
})
