import { describe, expect, it } from 'vitest'
import { createBff } from '../../src/bff/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { COOKIE_SECRET, SECRET } from './app.ts'
import { expectRefusal, withProvider, wrong, wrongForge } from './misconfiguration.ts'

describe('createBff refuses', () => {
  it.each([
    ['the name of a PKCE method', { pkce: 'S256' }, /^Leave pkce of "gitlab" out/],
    ['the weaker PKCE method', { pkce: 'plain' }, /^Leave pkce of "gitlab" out/],
    ['no PKCE in another way', { pkce: false }, /^Leave pkce of "gitlab" out/],
    ['exactScope as text', { exactScope: 'true' }, /^exactScope and strictIssuer are true or false/],
    ['strictIssuer as text', { strictIssuer: 'false' }, /^exactScope and strictIssuer are true or false/],
    ['strictIssuer as a number', { strictIssuer: 1 }, /^exactScope and strictIssuer are true or false/],
    ['scopes as a list', { scope: ['read_user'] }, /^Give "gitlab" its scopes as one text/],
    ['demanded scopes as a list', { requiredScope: ['read_user'] }, /^Give "gitlab" its scopes as one text/],
    ['a demanded scope that it does not ask for', { requiredScope: 'api' }, /^"gitlab" requires a scope/],
    ['one of two such', { requiredScope: 'read_user api' }, /^"gitlab" requires a scope/],
    ['a part of one', { requiredScope: 'read' }, /^"gitlab" requires a scope/],
    ['a parameter that is no text', { parameters: { max_age: 0 } }, /^Give the parameters of "gitlab"/],
    ['responses elsewhere', { parameters: { response_mode: 'form_post' } }, /leave response_mode out/],
    ['a client_id with a space', { client_id: 'app at gitlab' }, /a provider and a client_id/],
    ['a client_id with a line end', { client_id: 'app\n' }, /a provider and a client_id/],
    ['rules as text', { api: 'GET user' }, /^Give the rules of "gitlab"/],
    ['rules as empty text', { api: '' }, /^Give the rules of "gitlab"/],
    ['no rules as null', { api: null }, /^Give the rules of "gitlab"/],
  ])('%s', (_, changes, words) => expectRefusal(wrongForge(changes), 'invalid_options', words))

  it.each([
    '../oauth',
    '.',
    'user/../x',
    'user/./x',
    'user#x',
    'GET ',
    'TRACE user',
    'GET user projects',
    ' user',
    'user\n',
    5,
    null,
    undefined,
    ['user'],
  ])('the rule %j beside a good one', (rule) =>
    expectRefusal(wrongForge({ api: ['GET user', rule] }), 'invalid_options', /^Give the rules of "gitlab"/),
  )

  it.each([
    ['a place for one', `<${SECRET}>`],
    ['a variable that nobody put in', ['$', '{GITLAB_SECRET}'].join('')],
    ['an instruction', 'replace-with-the-canary'],
    ['a note', 'TODO ask the admin, canary'],
    ['an example', 'example-canary-secret'],
    ['another example', 'Change me please, canary'],
    ['a line end behind it', `${SECRET}\n`],
    ['a space before it', ` ${SECRET}`],
    ['few signs', 'abababababababab'],
  ])('as a secret %s', (_, secret) => {
    expectRefusal(
      wrongForge({ client_secret: secret }),
      'secret_required',
      /^Give "gitlab" the client_secret/,
    )
    const long = secret.length < 32 ? secret.replace(/(.)(?=.{3}$)/s, (sign) => sign.repeat(32)) : secret
    for (const cookieSecret of [long, [COOKIE_SECRET, long]])
      expectRefusal(
        wrong({ cookieSecret }),
        'invalid_options',
        /^Give a cookieSecret of 32 random characters/,
      )
  })

  it('as cookieSecret what the forge knows', () => {
    const known = 'canary-which-the-forge-knows-1234'
    const { providers } = wrongForge({ client_secret: known })
    for (const cookieSecret of [known, [COOKIE_SECRET, known]])
      expectRefusal(wrong({ providers, cookieSecret }), 'invalid_options', /^Give a cookieSecret of its own/)
  })

  it.each(['authorization_endpoint', 'token_endpoint', 'revocation_endpoint', 'api_base', 'account'])(
    'a password in the %s, and does not say it',
    (endpoint) => {
      for (const address of [
        'https://ada:canary@gitlab.example/x/',
        'https://canary@gitlab.example/x/',
        'https://:canary@gitlab.example/x/',
        'https://ada:canary@canary@gitlab.example/x/',
        'https:ada:canary@gitlab.example/x/',
        'https:/ada:canary@gitlab.example/x/',
        'https:\\\\ada:canary@gitlab.example/x/',
        'http://ada:canary@localhost/x/',
      ]) {
        const value = endpoint === 'account' ? { ...gitlab().account, url: address } : address
        expectRefusal(
          withProvider({ [endpoint]: value }),
          'invalid_options',
          /^Give "gitlab" https addresses: .*gitlab\.example|^Give "gitlab" https addresses: .*localhost/,
        )
      }
    },
  )

  it.each([
    'https://g.example/api/?x=/',
    'https://g.example/api/#/',
    'https://g.example/api/?',
    'https://g.example/api/#',
  ])('the api_base %s, which would swallow every path', (api_base) =>
    expectRefusal(withProvider({ api_base }), 'invalid_options', /must end with a slash/),
  )

  it.each(['true', 1, {}])('%j as login.crossSite', (crossSite) =>
    expectRefusal(wrong({ login: { crossSite } }), 'invalid_options', /^login.crossSite is true or false/),
  )

  it('no options at all', () => {
    for (const nothing of [undefined, null])
      expectRefusal(nothing, 'invalid_options', /^Give createBff its options/)
  })
})

describe('createBff takes', () => {
  it.each([
    ['login: null, for nothing', { login: null }],
    ['secrets that are random', { cookieSecret: '7mJk0/3fTqXyPz+Yw1bC8dEaGhLnRsUv5o2i4ZA=' }],
  ])('%s', (_, changes) => expect(createBff(wrong(changes)).fetch).toBeTypeOf('function'))

  it.each([
    ['every scope that is asked for', { scope: 'read_user api', requiredScope: 'api read_user' }],
    ['a parameter', { parameters: { prompt: 'login' } }],
    ['rules of every kind', { api: ['user', 'GET user', 'DELETE projects/', 'projects/group%2Fname/x.y'] }],
    ['an example in the midst of a secret', { client_secret: 'canary-example-change-me' }],
  ])('%s', (_, changes) => expect(createBff(wrongForge(changes)).fetch).toBeTypeOf('function'))
})
