// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { ResponseBodyError, WWWAuthenticateChallengeError } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { gitea, gitlab } from '../../src/provider/index.ts'
import { failure } from '../client/app.ts'
import { between, rewrite, startAt } from './backend.ts'
import { judgeLast, judgeTokenResponse } from './oracle.ts'
import { openPage, type Setting } from './page.ts'

const HOUR = 3_600_000

const atGitLab: Setting = {
  make: (registered) => createForge('gitlab', registered),
  provider: (base) => gitlab({ base }),
  scope: 'read_user',
}

/** A Gitea that lets pages in, with refresh tokens that work once. */
const atGitea: Setting = {
  make: (registered) => createForge('gitea', { ...registered, cors: true, invalidate_refresh_tokens: true }),
  provider: (base) => gitea({ base }),
  scope: 'read:user',
}

describe('what a refused token request is answered with', () => {
  it.each<[string, Partial<Setting>]>([
    ['a page, which cannot see it', {}],
    ['a program, which can', { fetchAs: (serve) => (input, init) => serve(new Request(input, init)) }],
  ])('Q1: a Bearer challenge beside an error changes nothing for %s', async (_, changes) => {
    const { client, person, forge } = openPage({ ...atGitLab, ...changes })
    person.alter = (back) => back.searchParams.set('code', 'made-up')
    expect(await failure(client.login())).toMatchObject({
      code: 'token_endpoint_error',
      error: 'invalid_grant',
      error_description: expect.stringContaining('authorization grant is invalid'),
      status: 400,
    })
    const last = forge.requests.at(-1)
    expect(last?.params.grant_type).toBe('authorization_code')
    person.alter = () => {}
    expect(await client.login()).toMatchObject({ scope: 'read_user' })
  })

  it('Q1: a Bearer challenge stands in the way of a client that heeds it, and not of the BFF', async () => {
    let refused: Response | undefined
    const app = startAt(
      'GitShare of today',
      between('GitShare of today', async (request, next) => {
        const response = await next(request)
        if (response.status === 401) refused = response.clone()
        return response
      }),
    )
    app.forge.fault('reset-secret')
    expect(await app.signIn()).toBe('/?forgepass_error=token_endpoint_error')
    expect(refused?.headers.get('www-authenticate')).toBe('Bearer error="invalid_client"')
    expect(await judgeTokenResponse(refused as Response)).toBeInstanceOf(WWWAuthenticateChallengeError)
  })

  it('Q6: unauthorized_client of a bad code fails this sign-in, and ends no session', async () => {
    const { client, person, signIn } = openPage(atGitea)
    await signIn()
    const before = await client.session()
    person.alter = (back) => back.searchParams.set('code', 'gta_made-up')
    expect(await failure(client.login())).toMatchObject({
      code: 'token_endpoint_error',
      error: 'unauthorized_client',
      error_description: 'client is not authorized',
    })
    expect(await client.session()).toEqual(before)
    expect((await client.fetch('user')).status).toBe(200)
  })

  it('Q6: unauthorized_client of a used refresh token ends the session, so that people can sign in again', async () => {
    const app = openPage(atGitea)
    const { client, forge, clock, signIn } = app
    await signIn()
    clock.now += HOUR
    expect((await client.fetch('user')).status).toBe(200)
    // Somebody has a copy, and is faster.
    forge.fault('refresh-replayed')
    clock.now += HOUR
    expect(await failure(client.fetch('user'))).toMatchObject({
      code: 'login_required',
      error: 'unauthorized_client',
    })
    expect(await client.session()).toBeNull()
    forge.fault(undefined)
    await signIn()
    expect((await client.fetch('user')).status).toBe(200)
  })

  it('Q6: unauthorized_client of a wrong secret is told of as an error of the sign-in', async () => {
    const app = startAt('Gitea of today')
    app.forge.fault('reset-secret')
    expect(await app.signIn()).toBe('/?forgepass_error=token_endpoint_error')
    expect(await judgeLast(app)).toBeInstanceOf(ResponseBodyError)
    expect(await judgeLast(app)).toMatchObject({ error: 'unauthorized_client', status: 400 })
    app.forge.fault(undefined)
    expect(await app.signIn()).toBe('/')
  })

  it('Q23: an error without a description is told in words of our own', async () => {
    const app = startAt('GitShare of today')
    expect(await app.signIn('deny')).toBe('/?forgepass_error=authorization_error')
    await app.signIn()
    app.forge.revokeAll()
    app.clock.now += HOUR
    const answer = await app.call()
    expect(app.answers.at(-1)).toEqual({ status: 400, body: '{"error": "invalid_grant"}' })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: 'login_required', hint: 'Sign in again.' })
  })

  it('Q27: an error with status 200 is an error, at the exchange and at a refresh', async () => {
    const app = startAt('a GitHub App')
    app.forge.fault('expired-code')
    expect(await app.signIn()).toBe('/?forgepass_error=token_endpoint_error')
    expect(app.answers.at(-1)).toMatchObject({
      status: 200,
      body: expect.stringContaining('bad_verification_code'),
    })
    expect(`${await judgeLast(app)}`).toContain('"access_token" property must be a string')
    expect(await app.session()).toBeUndefined()
    app.forge.fault(undefined)
    await app.signIn()
    app.forge.revokeAll()
    app.clock.now += HOUR
    expect((await app.call()).headers.get('forgepass-error')).toBe('login_required')
    expect(app.answers.at(-1)).toMatchObject({
      status: 200,
      body: expect.stringContaining('bad_refresh_token'),
    })
    expect(await app.session()).toBeUndefined()
  })

  it('Q27: an error with status 200 is one even with a token beside it', async () => {
    const app = startAt(
      'an OAuth app at GitHub',
      between('an OAuth app at GitHub', async (request, next) => {
        const response = await next(request)
        return request.method === 'POST' ? rewrite(response, { error: 'bad_verification_code' }) : response
      }),
    )
    expect(await app.signIn()).toBe('/?forgepass_error=token_endpoint_error')
    expect(await app.session()).toBeUndefined()
  })
})
