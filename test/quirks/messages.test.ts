// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { describe, expect, it } from 'vitest'
import { createForge, type GitCodeErrors } from '../../src/emulator/index.ts'
import { gitcode } from '../../src/provider/index.ts'
import { between, startAt } from './backend.ts'
import { judgeLast } from './oracle.ts'

const HOUR = 3_600_000

/** A GitCode whose token endpoint words its errors so. */
const startGitCode = (errors: GitCodeErrors) =>
  startAt('GitCode', {
    settings: { provider: gitcode() },
    make: (registered) => createForge('gitcode', { ...registered, errors }),
  })

describe('an error that is a message in words alone', () => {
  it('Q20: a message in place of an error signs nobody in, and the next attempt is free', async () => {
    const app = startGitCode('message')
    app.forge.fault('expired-code')
    expect(await app.signIn()).toBe('/?forgepass_error=bad_status')
    expect(app.answers.at(-1)).toEqual({ status: 401, body: '{"message":"401 Unauthorized"}' })
    expect(await judgeLast(app)).toMatchObject({ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM' })
    expect(await app.session()).toBeUndefined()
    app.forge.fault(undefined)
    expect(await app.signIn()).toBe('/')
  })

  it('Q20: a message of the API with status 401 is a reason to renew the token, once', async () => {
    let refusals = 0
    const app = startAt(
      'GitCode',
      between('GitCode', async (request, next) => {
        if (!request.url.endsWith('/user/repos') || refusals > 0) return next(request)
        refusals += 1
        return Response.json({ message: '401 Unauthorized' }, { status: 401 })
      }),
    )
    await app.signIn()
    expect((await app.call()).status).toBe(200)
    expect(app.tokenRequests()).toHaveLength(2)
  })

  it('Q20: a message of the API with status 401 ends a session that cannot be renewed', async () => {
    const app = startAt('GitKraken', {
      make: ({ expires_in: _, ...registered }) =>
        createForge('gitkraken', { ...registered, errors: 'message' }),
    })
    await app.signIn()
    app.forge.revokeAll()
    const answer = await app.call()
    expect(JSON.parse(app.answers.at(-1)?.body ?? '')).toEqual({ message: expect.any(String) })
    expect([answer.status, answer.headers.get('forgepass-error')]).toEqual([401, 'login_required'])
    expect(await app.session()).toBeUndefined()
  })

  it('Q20: a message with status 401 ends a session where it can mean nothing but the refresh token', async () => {
    const app = startGitCode('message')
    await app.signIn()
    app.forge.revokeAll()
    app.clock.now += HOUR
    const answer = await app.call()
    expect(app.tokenRequests().at(-1)?.url.searchParams.get('grant_type')).toBe('refresh_token')
    expect(app.answers.at(-1)).toEqual({ status: 401, body: '{"message":"401 Unauthorized"}' })
    expect([answer.status, answer.headers.get('forgepass-error')]).toEqual([401, 'login_required'])
    expect(await app.session()).toBeUndefined()
    expect(await app.signIn()).toBe('/')
  })

  it('Q20: the page of a gateway at a refresh ends no session', async () => {
    const app = startGitCode('html')
    await app.signIn()
    app.clock.now += HOUR
    app.forge.fault('server-error')
    expect((await app.call()).headers.get('forgepass-error')).toBe('bad_status')
    app.forge.fault(undefined)
    expect((await app.call()).status).toBe(200)
  })

  it.each<[string, BodyInit, string]>([
    ['a page', '<h1>401 Authorization Required</h1>', 'text/html'],
    ['nothing', '', 'application/json'],
    ['nothing that has a type', '', ''],
  ])(
    'Q20: a gateway that answers a refresh with status 401 and %s ends no session',
    async (_, body, type) => {
      const gateway = { isClosed: false }
      const app = startAt(
        'GitCode',
        between('GitCode', async (request, next) =>
          gateway.isClosed
            ? new Response(body, { status: 401, headers: { 'content-type': type } })
            : next(request),
        ),
      )
      await app.signIn()
      app.clock.now += HOUR
      gateway.isClosed = true
      const answer = await app.call()
      expect(answer.status).toBe(502)
      expect(answer.headers.getSetCookie()).toEqual([])
      gateway.isClosed = false
      expect((await app.call()).status).toBe(200)
    },
  )
})
