import { expect, test } from './fixtures.ts'
import {
  ada,
  authorize,
  deny,
  expectApiAnswer,
  expectProblem,
  expectSignedIn,
  expectSignedOut,
  goToQuestion,
  grace,
  pressSignIn,
  signIn,
  signInByPassword,
  signOut,
} from './person.ts'

test.use({ profile: 'documented' })

test.describe('implicit', () => {
  test('refuses a token of another application in the address, though it is good and the state is right', async ({
    page,
    origin,
    usePage,
    wire,
    doorkeeper,
  }) => {
    usePage({ kind: 'implicit' })
    await goToQuestion(page, origin)
    await expect(page.getByRole('button', { name: 'Authorize' })).toBeVisible()
    const [asked] = wire.to('/oauth/authorize')
    const state = new URL(asked?.url() ?? '').searchParams.get('state') ?? ''
    const access_token = await doorkeeper.mint({ username: 'ada', scope: 'read_user', client_id: 'other' })
    const planted = new URLSearchParams({ access_token, token_type: 'Bearer', expires_in: '7200', state })
    await page.goto(`${origin}/callback#${planted}`)
    await expectProblem(page, 'audience_mismatch')
    await expectSignedOut(page)
    await expect(page).toHaveURL(`${origin}/callback`)
    // It was asked after, and then not used once.
    expect(wire.to('/oauth/token/info').map((request) => request.method())).toContain('GET')
    expect(wire.to('/api/v4/user')).toEqual([])
    expect(await doorkeeper.read(access_token)).toBe(200)
  })

  test('tells the person that they said no, and lets them try again', async ({ page, origin, usePage }) => {
    usePage({ kind: 'implicit' })
    await goToQuestion(page, origin)
    await deny(page)
    await expectProblem(page, 'authorization_error | access_denied')
    await expectSignedOut(page)
    await pressSignIn(page)
    await authorize(page)
    await expectSignedIn(page)
  })

  test('signs out at the server too', async ({ page, origin, usePage, doorkeeper }) => {
    usePage({ kind: 'implicit' })
    await signIn(page, origin)
    const token = await page.evaluate(() => (client as import('forgepass').Client).accessToken())
    expect(await doorkeeper.read(token)).toBe(200)
    await signOut(page)
    expect(await doorkeeper.read(token)).toBe(401)
  })

  test('takes no token where pages may read nothing but the API, as nobody tells whom it is for', async ({
    page,
    origin,
    usePage,
    wire,
    doorkeeper,
  }) => {
    await doorkeeper.closeToPages()
    usePage({ kind: 'implicit' })
    await goToQuestion(page, origin)
    await authorize(page)
    await expectProblem(page, 'audience_unverified')
    await expectSignedOut(page)
    expect(wire.to('/api/v4/user')).toEqual([])
  })
})

test.describe('password', () => {
  for (const [who, person] of [
    ['a wrong password', { ...ada, password: 'wrong' }],
    ['the password of somebody with a second factor', grace],
  ] as const)
    test(`is told by the server that it does not take ${who}, and of the token that helps`, async ({
      page,
      origin,
      usePage,
    }) => {
      usePage({ kind: 'password' })
      await page.goto(origin)
      await signInByPassword(page, person)
      await expectProblem(page, 'token_endpoint_error | invalid_grant')
      await expectProblem(page, 'with two-factor authentication take a personal access token')
      await expectSignedOut(page)
    })

  test('goes as JSON from another origin, which CORS lets in', async ({ page, origin, usePage, wire }) => {
    usePage({ kind: 'password as JSON' })
    await page.goto(origin)
    await signInByPassword(page, ada)
    await expectSignedIn(page)
    const [request, ...others] = wire.to('/oauth/token').filter((each) => each.method() === 'POST')
    expect(others).toEqual([])
    expect(await request?.headerValue('content-type')).toBe('application/json')
    const { username, password } = ada
    expect(request?.postDataJSON()).toEqual({
      grant_type: 'password',
      username,
      password,
      scope: 'read_user',
    })
    await expectApiAnswer(page)
  })

  test('ends without an answer where pages may read nothing but the API', async ({
    page,
    origin,
    usePage,
    doorkeeper,
  }) => {
    await doorkeeper.closeToPages()
    usePage({ kind: 'password' })
    await page.goto(origin)
    await signInByPassword(page, ada)
    await expectProblem(page, 'network_error')
    await expectSignedOut(page)
  })
})
