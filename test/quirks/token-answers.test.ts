// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { defineProvider, forgejo, gitea, gitlab } from '../../src/provider/index.ts'
import { CASES } from '../bff/forges.ts'
import { type Backend, between, rewrite, startAt } from './backend.ts'
import { judgeTokenResponse } from './oracle.ts'
import { openPage, type Setting } from './page.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A forge that answers token requests with other members. */
const answering = (name: string, members: Readonly<Record<string, unknown>>) =>
  between(name, async (request, next) => {
    const response = await next(request)
    return request.method === 'POST' ? rewrite(response, members) : response
  })

/** The answer of the token endpoint, as JSON. */
const firstAnswer = ({ answers }: Backend) =>
  new Response(answers[0]?.body ?? '', { headers: { 'content-type': 'application/json' } })

describe('what a token response lacks, or says in its own way', () => {
  it('Q17: GitCode leaves token_type out, and people are signed in all the same', async () => {
    const app = startAt('GitCode')
    expect(await app.signIn()).toBe('/')
    expect((await app.call()).status).toBe(200)
    expect(await firstAnswer(app).json()).not.toHaveProperty('token_type')
    expect(`${await judgeTokenResponse(firstAnswer(app))}`).toContain(
      '"token_type" property must be a string',
    )
  })

  it('Q17: a token_type that GitCode does send still counts, and no other forge may leave it out', async () => {
    const strange = startAt('GitCode', answering('GitCode', { token_type: 'mac' }))
    expect(await strange.signIn()).toBe('/?forgepass_error=unsupported_token_type')
    for (const name of Object.keys(CASES).filter((name) => name !== 'GitCode')) {
      const app = startAt(name, answering(name, { token_type: undefined }))
      expect(await app.signIn()).toBe('/?forgepass_error=missing_token_type')
    }
  })

  it.each(['GitCode', 'GitLab of today'])(
    'Q19: at %s a session ends by our clock, whatever created_at and its own clock say',
    async (name) => {
      for (const created_at of ['2001-01-01T00:00:00.000Z', 978_307_200, 'yesterday', null]) {
        const app = startAt(name, answering(name, { created_at }))
        app.forge.fault('clock-skew:-600')
        expect(await app.signIn()).toBe('/')
        expect((await app.session()).expires_at).toBe(app.clock.now + HOUR)
      }
    },
  )

  it('Q19: both ways of writing created_at are there', async () => {
    const [code, lab] = [startAt('GitCode'), startAt('GitLab of today')]
    for (const app of [code, lab]) expect(await app.signIn()).toBe('/')
    expect((await firstAnswer(code).json()).created_at).toBe(new Date(code.clock.now).toISOString())
    expect((await firstAnswer(lab).json()).created_at).toBe(lab.clock.now / 1000)
  })

  it('Q22: a token of GitKraken is used until its API refuses it, and its scope is the one that was asked for', async () => {
    const app = startAt('GitKraken')
    expect(await app.signIn()).toBe('/')
    expect(await firstAnswer(app).json()).toEqual({ access_token: expect.any(String), token_type: 'Bearer' })
    const { expires_at, scope } = await app.session()
    expect([expires_at, scope]).toEqual([undefined, 'board:read user:read'])
    app.clock.now += 2 * DAY
    expect((await app.call()).status).toBe(200)
    app.forge.revokeAll()
    expect((await app.call()).headers.get('forgepass-error')).toBe('login_required')
    expect(await app.signIn()).toBe('/')
    expect((await app.call()).status).toBe(200)
    for (const { body } of app.tokenRequests()) expect(body.get('grant_type')).toBe('authorization_code')
  })
})

/** Answers token requests with an ID token of these claims, signed with the secret as one Gitea does. */
const withIdToken = (claims: Readonly<Record<string, unknown>>, sent: string[] = []): Partial<Setting> => ({
  fetchAs: (serve) => async (input, init) => {
    const request = new Request(input, init)
    const response = await serve(request)
    if (request.method !== 'POST') return response
    const [header, payload] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    sent.push(`${header}.${payload}.${Buffer.from('signature').toString('base64url')}`)
    return rewrite(response, { id_token: sent.at(-1) })
  },
})

const tea: Setting = {
  make: (registered) => createForge('gitea', { ...registered, cors: true }),
  provider: (base) => gitea({ base }),
}

const claims = { iss: 'https://gitea.example/', sub: '1', aud: 'spa', iat: 1, exp: 4e9, nonce: 'N' }

/** Expects people to be signed in without a look at the ID token, of which nothing is kept or shown. */
async function expectIgnored(setting: Setting, id_tokens: string[]) {
  const { client, person, signIn, options } = openPage(setting)
  const session = await signIn()
  expect(id_tokens).toHaveLength(1)
  expect(session).not.toHaveProperty('id_token')
  expect(client.snapshot?.account).toMatchObject({ id: '1', username: 'ada' })
  const kept: unknown[] = []
  for (const key of await options.storage.keys()) kept.push(await options.storage.get(key))
  expect(JSON.stringify(kept)).not.toContain('id_token')
  return { asked: person.asked as URL }
}

describe('ID tokens, which forgepass does without', () => {
  it('Q11: one that is signed with the secret is not looked at, and none is asked for', async () => {
    const sent: string[] = []
    const { asked } = await expectIgnored({ ...tea, ...withIdToken(claims, sent) }, sent)
    expect(asked.searchParams.get('scope') ?? '').not.toMatch(/openid/)
    const response = Response.json({ access_token: 'AT', token_type: 'bearer', id_token: sent[0] })
    expect(`${await judgeTokenResponse(response)}`).toMatch(/JWT "alg"/)
  })

  it('Q12: an issuer with a slash at its end is of no weight in one', async () => {
    const sent: string[] = []
    await expectIgnored(
      {
        ...withIdToken(claims, sent),
        make: (registered) => createForge('forgejo', { ...registered, version: 13, cors: true }),
        provider: (base) => forgejo({ base }),
      },
      sent,
    )
  })

  it('Q12: an issuer that the metadata name with a slash is taken as it stands there', async () => {
    const provider = gitea({ base: 'https://none.example' })
    const forge = createForge('forgejo', { version: 13 })
    const { account } = provider
    const metadata = await (
      await forge.fetch(new Request('https://tea.example/.well-known/openid-configuration'))
    ).json()
    expect(metadata.issuer).toBe('https://tea.example/')
    const { client, signIn } = openPage({
      make: (registered) => createForge('forgejo', { ...registered, version: 13, cors: true }),
      provider: (base) => {
        const text = JSON.stringify(metadata).replaceAll('https://tea.example', base)
        return defineProvider({ ...JSON.parse(text), api_base: `${base}/api/v1/`, account })
      },
    })
    await signIn()
    expect((await client.fetch('user')).status).toBe(200)
  })

  it('Q13: no nonce is sent, and one that comes back is not missed', async () => {
    const sent: string[] = []
    const lab: Setting = {
      ...withIdToken({ ...claims, nonce: 'of somebody else' }, sent),
      make: (registered) => createForge('gitlab', registered),
      provider: (base) => gitlab({ base }),
      scope: 'read_user',
    }
    const { asked } = await expectIgnored(lab, sent)
    expect(asked.searchParams.has('nonce')).toBe(false)
  })
})
