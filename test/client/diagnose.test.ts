import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { diagnose } from '../../src/index.ts'
import { github } from '../../src/provider/github.ts'
import { gitshare } from '../../src/provider/gitshare.ts'
import { defineProvider, gitea, gitkraken, gitlab, type Provider } from '../../src/provider/index.ts'
import { json } from './app.ts'
import { base, check, type Marks, read, redirect_uri, refusing } from './diagnosis.ts'

const forges = {
  'a GitLab': { provider: gitlab({ base }), ...createForge('gitlab') },
  'a Gitea': { provider: gitea({ base }), ...createForge('gitea') },
  'an old Gitea': {
    provider: gitea({ base, profile: 'documented' }),
    ...createForge('gitea', { profile: 'documented' }),
  },
  'a GitShare': { provider: gitshare({ base }), ...createForge('gitshare') },
  'a GitKraken': { provider: gitkraken({ base }), ...createForge('gitkraken') },
  'a GitHub': { provider: github({ base }), ...createForge('github') },
}

const known: Marks = { client_known: true, client_accepted: true, secret: true }
const unnamed: Marks = { client_known: undefined, client_accepted: undefined, secret: false }

describe('a client at a forge', () => {
  it.each<[keyof typeof forges, string, Marks]>([
    ['a GitLab', 'forgepass-demo', known],
    ['a GitLab', 'nope', { client_known: undefined, client_accepted: false, secret: undefined }],
    ['a Gitea', 'nope', { client_known: false, client_accepted: false, secret: undefined }],
    ['a Gitea', 'forgepass-demo-bff', { client_known: true, client_accepted: false, secret: false }],
    ['an old Gitea', 'forgepass-demo', { ...unnamed, client_known: true }],
    ['an old Gitea', 'nope', { client_known: false, client_accepted: false, secret: false }],
    ['a GitShare', 'forgepass-demo', unnamed],
    ['a GitShare', 'nope', unnamed],
    ['a GitKraken', 'forgepass-demo', unnamed],
    ['a GitHub', 'forgepass-demo', unnamed],
  ])('at %s named %s is marked by what the answer proves and no more', async (forge, client_id, expected) => {
    const { provider, fetch } = forges[forge]
    const { marks } = await check({
      provider,
      client_id,
      fetch: (input, init) => fetch(new Request(input, init)),
    })
    expect(marks).toMatchObject({ code_grant: true, reachable: true, answer: true, ...expected })
  })

  it.each<[Provider, string, string, Marks]>([
    [
      gitea({ base }),
      'unauthorized_client',
      'unexpected redirect URI',
      { ...known, client_known: true, redirect_uri: false },
    ],
    // A Gitea up to 1.17 says this of a missing secret, and a later one of the code.
    [
      gitea({ base }),
      'unauthorized_client',
      'client is not authorized',
      { client_known: true, client_accepted: undefined, secret: undefined },
    ],
    [gitea({ base }), 'unauthorized_client', '', { client_known: undefined, secret: undefined }],
    [gitea({ base }), 'invalid_client', 'who?', { client_known: undefined, client_accepted: false }],
    [
      gitlab({ base }),
      'unauthorized_client',
      'client is not authorized',
      { client_known: undefined, client_accepted: undefined },
    ],
    [gitlab({ base }), 'unsupported_grant_type', '', { code_grant: false, client_known: undefined }],
  ])('at $name is judged by the words: %s, %s', async (provider, error, description, expected) => {
    const { marks } = await check({ provider, fetch: refusing(error, { description }) })
    expect(marks).toMatchObject(expected)
  })

  it('is not said to be known by a server whose order of checks nobody knows', async () => {
    const provider = defineProvider({
      issuer: base,
      authorization_endpoint: `${base}/a`,
      token_endpoint: `${base}/t`,
    })
    const { marks, says } = await check({ provider, fetch: refusing('invalid_grant') })
    expect(marks).toMatchObject({ client_known: undefined, client_accepted: undefined, secret: undefined })
    expect(says.client_accepted).toContain('refused the made-up code and not the client')
  })
})

describe('what the preset declares', () => {
  const standard: Provider = gitlab({ base })
  it.each<[string, Provider, Marks]>([
    ['a GitLab', standard, { code_grant: true, pkce: true, refresh: true, revocation: true }],
    ['a Gitea', gitea({ base }), { pkce: true, refresh: true, revocation: undefined }],
    ['a GitKraken', gitkraken({ base }), { pkce: false, secret: false, refresh: undefined }],
    ['plain PKCE', { ...standard, code_challenge_methods_supported: ['plain'] }, { pkce: false }],
    ['pushed requests', { ...standard, require_pushed_authorization_requests: true }, { code_grant: false }],
    ['no code grant', { ...standard, grants: { personal_token: 'public' } }, { code_grant: false }],
  ])('is told: %s', async (_, provider, expected) => {
    const { marks } = await check({ provider, fetch: refusing('invalid_grant') })
    expect(marks).toMatchObject(expected)
  })
})

describe('the redirect_uri', () => {
  it.each([
    [redirect_uri, undefined],
    ['com.example.app:/callback', undefined],
    [`${redirect_uri}#here`, false],
    [`${redirect_uri}?code=1`, false],
    // Outside of a page a path leads nowhere.
    ['/callback', false],
  ])('%s is %s: whether it is registered, no answer tells', async (uri, ok) => {
    expect((await check({ redirect_uri: uri, fetch: refusing('invalid_grant') })).marks.redirect_uri).toBe(ok)
  })

  it('is judged also where pushed requests are demanded', async () => {
    const provider = { ...gitlab({ base }), require_pushed_authorization_requests: true }
    const { marks } = await check({
      ...{ provider, redirect_uri: `${redirect_uri}#here` },
      fetch: refusing('invalid_grant'),
    })
    expect(marks.redirect_uri).toBe(false)
  })

  it('may be left out, and then none is blamed', async () => {
    const fetch = refusing('unauthorized_client', { description: 'unexpected redirect URI' })
    const { marks, says } = read(await diagnose({ provider: gitea({ base }), client_id: 'APP', fetch }))
    expect(marks).toMatchObject({ redirect_uri: undefined, client_known: true })
    expect(says.redirect_uri).toBe('No redirect_uri was given.')
  })
})

describe('an answer that is none of a token endpoint', () => {
  it.each<[string, () => Response, boolean | undefined]>([
    ['a page', () => new Response('<h1>Hello</h1>', { headers: { 'content-type': 'text/html' } }), false],
    ['a gateway', () => new Response('<h1>Bad gateway</h1>', { status: 502 }), false],
    ['nothing there', () => json({ message: 'Not found' }, { status: 404 }), false],
    ['an API', () => json({ message: '401 Unauthorized' }, { status: 401 }), undefined],
    ['a token', () => json({ access_token: 'granted-by-mistake', token_type: 'bearer' }), false],
  ])('%s', async (_, answer, ok) => {
    const diagnosis = await check({ fetch: async () => answer() })
    expect(diagnosis.marks).toMatchObject({ reachable: true, answer: ok, client_known: undefined })
    expect(JSON.stringify(diagnosis)).not.toContain('granted-by-mistake')
  })
})
