import { describe, expect, it } from 'vitest'
import { createBff } from '../../src/bff/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { type Changes, COOKIE_SECRET, optionsOf, PROVIDERS, SECRET } from './app.ts'
import { expectRefusal, wrong, wrongForge } from './misconfiguration.ts'

describe('createBff', () => {
  it.each<[string, Changes]>([
    ['an origin with a port', { publicOrigin: 'https://app.example:8443' }],
    ['http on localhost', { publicOrigin: 'http://localhost:5173' }],
    ['http on a name below localhost', { publicOrigin: 'http://app.localhost' }],
    ['http on 127.0.0.1', { publicOrigin: 'http://127.0.0.1:3000' }],
    ['http on IPv6 loopback', { publicOrigin: 'http://[::1]:3000' }],
    ['a deeper basePath', { basePath: '/my/auth.v1' }],
    ['several cookie secrets', { cookieSecret: [COOKIE_SECRET, 'another-secret-of-32-characters!'] }],
    ['a secret that a function reads', { providers: { gitlab: { client_secret: () => SECRET } } }],
    ['a forge on loopback', { providers: { gitlab: { provider: gitlab({ base: 'http://localhost:1' }) } } }],
    ['rules for the API', { providers: { gitlab: { api: ['GET user', 'projects/'] } } }],
  ])('takes %s', (_, changes) => {
    const { warn } = console
    console.warn = () => {}
    try {
      expect(createBff(optionsOf(changes)).fetch).toBeTypeOf('function')
    } finally {
      console.warn = warn
    }
  })

  it.each([
    ['no publicOrigin', undefined],
    ['no address', 'app.example'],
    ['plain http', 'http://app.example'],
    ['plain http on a private network', 'http://192.168.0.2'],
    ['http on a name that only looks like loopback', 'http://localhost.evil.example'],
    ['http on an address that only looks like loopback', 'http://127.0.0.1.evil.example'],
    ['http on a name that only ends like loopback', 'http://evillocalhost'],
    ['http on all addresses', 'http://0.0.0.0:80'],
    ['a slash', 'https://app.example/'],
    ['a path', 'https://app.example/app'],
    ['a user', 'https://user@app.example'],
    ['a standard port', 'https://app.example:443'],
    ['another scheme', 'ftp://app.example'],
    ['an opaque origin', 'null'],
    ['a password', `https://user:${SECRET}@app.example`],
    ['a list', ['https://app.example']],
  ])('refuses a publicOrigin with %s', (_, publicOrigin) =>
    expectRefusal(wrong({ publicOrigin }), 'invalid_options', /^Give publicOrigin as an https origin/),
  )

  it.each(['', '/', 'auth', '/auth/', '//auth', '/auth?x', '/a b', '/../auth', '/auth/..', '/.'])(
    'refuses the basePath %j',
    (basePath) =>
      expectRefusal(wrong({ basePath }), 'invalid_options', /^Give basePath as a path such as \/auth/),
  )

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['no list', []],
    ['a short one', 'canary-of-30-letters-which-are'],
    ['a good and a short one', [COOKIE_SECRET, 'short']],
    ['one letter for all', 'x'.repeat(40)],
    ['one other letter for all', 'a'.repeat(40)],
    ['an example', 'change-me-change-me-change-me-change-me'],
    ['another example', 'your-cookie-secret-of-32-characters'],
    ['a place for one', '<32 random characters, made by openssl>'],
    ['a number', 42],
  ])('refuses as cookieSecret %s', (_, cookieSecret) =>
    expectRefusal(wrong({ cookieSecret }), 'invalid_options', /^Give a cookieSecret of 32 random characters/),
  )

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['a short one', 'abc1234'],
    ['an example', 'change_me'],
    ['another example', 'your-client-secret'],
    ['a third', '<client secret>'],
    ['a fourth', 'xxxxxxxx'],
    ['an unset variable', 'undefined'],
    ['a number', 12345678],
  ])('refuses as client_secret %s', (_, client_secret) =>
    expectRefusal(wrongForge({ client_secret }), 'secret_required', /^Give "gitlab" the client_secret/),
  )

  it.each([
    [wrong({ publicorigin: 'x' }), /^createBff has no setting "publicorigin": it knows publicOrigin, /],
    [wrong({ cookie: { domain: '.app.example' } }), /^createBff has no setting "cookie"/],
    [wrong({ login: { crosssite: true } }), /^login has no setting "crosssite": it knows crossSite/],
    [wrongForge({ clientSecret: SECRET }), /^The provider "gitlab" has no setting "clientSecret"/],
    [
      wrongForge({ redirect_uri: 'https://x.example' }),
      /^The provider "gitlab" has no setting "redirect_uri/,
    ],
  ])('refuses a setting that it does not know', (options, words) =>
    expectRefusal(options, 'invalid_options', words),
  )

  it.each([
    ['no forge', wrong({ providers: {} }), /^Give at least one provider/],
    ['nothing for them', wrong({ providers: undefined }), /^Give at least one provider/],
    ['a name with a slash', wrong({ providers: { 'a/b': PROVIDERS.gitlab } }), /^Name the provider "a\/b"/],
    ['a name with capitals', wrong({ providers: { GitLab: PROVIDERS.gitlab } }), /^Name the provider/],
    ['a name with a dot', wrong({ providers: { 'a.b': PROVIDERS.gitlab } }), /^Name the provider/],
    ['a forge that is none', wrong({ providers: { gitlab: undefined } }), /^Give the provider "gitlab"/],
    ['no provider', wrongForge({ provider: undefined }), /^Give the provider "gitlab" a provider/],
    ['no client_id', wrongForge({ client_id: '' }), /^Give the provider "gitlab" a provider and a client_id/],
    ['no scope at GitKraken', { kraken: '' }, /^GitKraken Boards demands a scope: give "gitkraken" one/],
    ['tokens elsewhere', wrong({ tokens: 'page' }), /^tokens must be 'server' or 'browser'/],
    [
      'rules for an API that is not there',
      optionsOf({ tokens: 'browser', providers: { gitlab: { api: ['GET user'] } } }),
      /^Rules for the API are the proxy's/,
    ],
    ['no patience', wrong({ timeout: 0 }), /^Give timeout/],
    ['more patience than a timer has', wrong({ timeout: 2 ** 31 }), /^Give timeout/],
    ['a patience that is no number', wrong({ timeout: '20s' }), /^Give timeout/],
  ])('refuses %s', (_, options, words) => {
    const given = 'kraken' in options ? optionsOf({ providers: { gitkraken: { scope: '' } } }) : options
    expectRefusal(given, 'invalid_options', words)
  })
})
