// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { ClientSecretBasic } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { forgejo, gitea, gitshare, type Provider } from '../../src/provider/index.ts'
import { SECRET } from '../bff/app.ts'
import { type Backend, between, startAt } from './backend.ts'
import { openPage, type Setting } from './page.ts'

const HOUR = 3_600_000

/** Signs in, lets the token run out, and calls the API; gives the two token requests. */
async function renew(app: Backend) {
  expect(await app.signIn()).toBe('/')
  app.clock.now += HOUR
  expect((await app.call()).status).toBe(200)
  return app.tokenRequests()
}

/** Asks for a token as BFFs do, but with name and secret in a header, written as RFC 6749 section 2.3.1 says. */
async function askWithBasic({ forge, sent }: Backend) {
  const asked = sent.find(({ body }) => body.has('client_secret'))
  if (!asked) throw new Error('No secret was sent.')
  const { request, body } = asked
  const headers = new Headers()
  const rest = new URLSearchParams([...body].filter(([name]) => !/^client_/.test(name)))
  ClientSecretBasic(SECRET)({ issuer: 'https://forge.example' }, { client_id: 'bff' }, rest, headers)
  const response = await forge.fetch(new Request(request.url, { method: 'POST', headers, body: rest }))
  return response.json()
}

describe('how a client proves itself', () => {
  it.each([
    ['GitLab of today', 'invalid_client'],
    ['Gitea of today', 'unauthorized_client'],
    ['Codeberg', 'unauthorized_client'],
  ])(
    'Q7: at %s a secret with hyphens works, as it stands in the body and in no header',
    async (name, error) => {
      const app = startAt(name)
      const requests = await renew(app)
      expect(requests).toHaveLength(2)
      for (const { request, body } of requests) {
        expect(request.headers.has('authorization')).toBe(false)
        expect(body.get('client_secret')).toBe(SECRET)
      }
      expect(await askWithBasic(app)).toMatchObject({ error })
    },
  )

  it.each<[string, Setting]>([
    [
      'Gitea',
      {
        make: (registered) => createForge('gitea', { ...registered, cors: true }),
        provider: (base) => gitea({ base }),
      },
    ],
    [
      'Forgejo',
      {
        make: (registered) => createForge('forgejo', { ...registered, cors: true }),
        provider: (base) => forgejo({ base }),
      },
    ],
  ])(
    'Q8: a page at %s sends its token to no token endpoint, where it would be in the way',
    async (_, setting) => {
      const { client, clock, forge, sent, signIn, grants } = openPage(setting)
      await signIn()
      clock.now += HOUR
      const token = await client.accessToken()
      expect(grants()).toEqual(['authorization_code', 'refresh_token'])
      await client.logout()
      const posts = sent.filter(({ method }) => method === 'POST')
      expect(posts.map(({ headers }) => headers.has('authorization'))).toEqual([false, false])
      const last = posts[1] as Request
      last.headers.set('authorization', `Bearer ${token}`)
      const stray = await forge.fetch(last)
      expect(await stray.json()).toMatchObject({ error_description: 'cannot parse basic auth header' })
    },
  )
})

/** GitCode, if it took no more than its page documents. */
const strictGitCode = between('GitCode', async (request, next) => {
  const { searchParams } = new URL(request.url)
  if (request.method !== 'POST') return next(request)
  const body = new URLSearchParams(await request.clone().text())
  const expected =
    searchParams.get('grant_type') === 'refresh_token'
      ? [['grant_type', 'refresh_token'], []]
      : [['client_id', 'code', 'grant_type'], ['client_secret']]
  const found = [[...searchParams.keys()].sort(), [...body.keys()]]
  const isAsDocumented = JSON.stringify(found) === JSON.stringify(expected)
  return isAsDocumented ? next(request) : Response.json({ error: 'invalid_request' }, { status: 400 })
})

/** A forge that takes no authorization or token request with parameters it does not document. */
const without = (name: string, parameters: readonly string[]) =>
  between(name, async (request, next) => {
    const body = new URLSearchParams(await request.clone().text())
    const { searchParams } = new URL(request.url)
    const isStrange = parameters.some((parameter) => body.has(parameter) || searchParams.has(parameter))
    return isStrange ? Response.json({ error: 'invalid_request' }, { status: 400 }) : next(request)
  })

describe('what a token request is made of', () => {
  it('Q18: GitCode gets its parameters in the address, the secret in the body, and a refresh token alone', async () => {
    const requests = await renew(startAt('GitCode', strictGitCode))
    expect(requests).toHaveLength(2)
    for (const { url } of requests) expect(url.href).not.toContain(SECRET)
  })

  it('Q18: and no other forge gets a code or a token in an address', async () => {
    for (const name of ['GitLab of today', 'Gitea of today', 'Codeberg', 'GitShare of today', 'a GitHub App'])
      for (const { url } of await renew(startAt(name))) expect(url.search).toBe('')
  })

  it('Q21: GitCode gets no verifier, and no redirect_uri with its code', async () => {
    const app = startAt('GitCode', without('GitCode', ['code_verifier', 'redirect_uri']))
    const asked = await app.leave()
    expect([...asked.searchParams.keys()].filter((name) => name.startsWith('code_'))).toEqual([])
    expect(asked.searchParams.get('redirect_uri')).toBe(app.redirect_uri)
    expect(await app.comeBack(await app.forge.visit(asked))).toBe('/')
  })

  it('Q21: GitKraken gets neither verifier nor redirect_uri at any step', async () => {
    const app = startAt('GitKraken', without('GitKraken', ['code_verifier', 'redirect_uri']))
    const asked = await app.leave()
    expect([...asked.searchParams.keys()].sort()).toEqual(['client_id', 'response_type', 'scope', 'state'])
    expect(await app.comeBack(await app.forge.visit(asked))).toBe('/')
  })

  it('Q24: GitShare gets nothing in the address of its token endpoint', async () => {
    for (const { url } of await renew(startAt('GitShare of today'))) expect(url.search).toBe('')
  })

  it('Q24: an error of GitShare in JSON that is labelled as HTML is read as the error that it is', async () => {
    const app = startAt(
      'GitShare of today',
      between('GitShare of today', (request, next) =>
        next(request.method === 'POST' ? new Request(`${request.url}?by=proxy`, request) : request),
      ),
    )
    expect(await app.signIn()).toBe('/?forgepass_error=token_endpoint_error')
    expect(app.answers.at(-1)).toMatchObject({
      status: 400,
      body: expect.stringContaining('URL query parameters are not allowed'),
    })
    expect(await app.session()).toBeUndefined()
  })

  it.each([['https://share.example'], ['https://share.example/'], [new URL('https://share.example')]])(
    'Q25: every address of GitShare at %s keeps the slash at its end',
    async (base) => {
      const provider: Provider = gitshare({ base })
      const app = startAt('GitShare of today', { settings: { provider, scope: 'read write' } })
      const asked = await app.leave()
      expect(await app.comeBack(await app.forge.visit(asked))).toBe('/')
      expect((await app.session()).account).toMatchObject({ username: 'ada' })
      for (const { pathname } of [asked, ...app.sent.map(({ url }) => url)])
        expect(pathname).toMatch(/[^/]\/$/)
      const cut = new Request(provider.token_endpoint.slice(0, -1), { method: 'POST' })
      expect((await app.forge.fetch(cut)).status).toBe(404)
    },
  )
})
