import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { createBff } from '../../../src/bff/index.ts'
import { toNodeListener } from '../../../src/node/index.ts'
import { gitlab } from '../../../src/provider/index.ts'
import type { Tokens } from '../actor.ts'
import {
  test as base,
  client_secret,
  deny,
  expect,
  expectApiAnswer,
  expectProblem,
  expectSignedIn,
  expectSignedOut,
  goToQuestion,
  LIFETIME,
  signIn,
} from './fixtures.ts'

const credentials = { client_id: 'server', client_secret }

/** One request that the BFF sent to the token endpoint, and the tokens it got. */
interface TokenRequest {
  readonly params: Readonly<Record<string, string>>
  readonly tokens: Tokens
}

interface Backend {
  readonly tokenRequests: readonly TokenRequest[]
  /** Lets time pass for the BFF's clock. */
  later(seconds: number): void
}

/** Builds a `fetch` that writes down what the token endpoint is asked. */
function listen(tokenRequests: TokenRequest[]): typeof fetch {
  return async (...request) => {
    const sent = new Request(...request)
    const copy = sent.clone()
    const response = await fetch(sent)
    if (sent.url.endsWith('/oauth/token')) {
      const params = Object.fromEntries(new URLSearchParams(await copy.text()))
      tokenRequests.push({ params, tokens: await response.clone().json() })
    }
    return response
  }
}

/** A page whose server is the confidential client. */
const test = base.extend<{ backend: Backend }>({
  backend: [
    async ({ host, origin, doorkeeper }, use) => {
      const tokenRequests: TokenRequest[] = []
      let ahead = 0
      const provider = gitlab({ base: doorkeeper.address })
      const bff = createBff({
        publicOrigin: origin,
        providers: { gitlab: { provider, ...credentials, scope: 'read_user' } },
        cookieSecret: randomBytes(32).toString('base64'),
        fetch: listen(tokenRequests),
        now: () => Date.now() + ahead,
      })
      host.mount(toNodeListener(bff.fetch))
      host.configure({ settings: { base: '/auth', provider: 'gitlab', resource: 'user' }, connect: "'self'" })
      await use({
        tokenRequests,
        later(seconds) {
          ahead += seconds * 1000
        },
      })
    },
    { auto: true },
  ],
})

const last = ({ tokenRequests }: Backend): Tokens => {
  const tokens = tokenRequests.at(-1)?.tokens
  if (!tokens) throw new Error('The BFF got no token.')
  return tokens
}

/** Everything that a script of the page can get hold of. */
const readable = (page: Page) =>
  page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      await client.session(),
    ]),
  )

test('signs in with the secret and PKCE, and the page gets neither token nor secret', async ({
  page,
  context,
  origin,
  doorkeeper,
  backend,
}) => {
  const urls: string[] = []
  context.on('request', (request) => urls.push(request.url()))
  await signIn(page, origin)
  await expect(page).toHaveURL(`${origin}/`)
  await expectApiAnswer(page)
  const [exchange, ...others] = backend.tokenRequests
  expect(others).toEqual([])
  expect(exchange?.params).toMatchObject({
    grant_type: 'authorization_code',
    redirect_uri: `${origin}/auth/callback/gitlab`,
    code_verifier: expect.stringMatching(/^[\w.~-]{43,128}$/),
  })
  const { access_token, refresh_token } = last(backend)
  const seen = `${await readable(page)} ${urls}`
  for (const secret of [access_token, refresh_token, client_secret]) expect(seen).not.toContain(secret)
  expect(
    urls.filter((url) => /\/(oauth\/token|api\/v4)/.test(url) && url.startsWith(doorkeeper.address)),
  ).toEqual([])
})

test('is not asked again for what it was granted before', async ({ page, origin, backend }) => {
  await signIn(page, origin)
  // The session ends here alone: signing out would take the grant back.
  await page.context().clearCookies({ domain: 'localhost' })
  await page.reload()
  await expectSignedOut(page)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectSignedIn(page)
  expect(backend.tokenRequests).toHaveLength(2)
})

test('refreshes with rotation when the token has run out, once for many calls', async ({
  page,
  origin,
  doorkeeper,
  backend,
}) => {
  await signIn(page, origin)
  const first = last(backend)
  await doorkeeper.later(LIFETIME + 1)
  backend.later(LIFETIME + 1)
  const statuses = await page.evaluate(() =>
    Promise.all(Array.from({ length: 10 }, async () => (await client.fetch('user')).status)),
  )
  expect(statuses).toEqual(Array(10).fill(200))
  expect(backend.tokenRequests.map(({ params }) => params.grant_type)).toEqual([
    'authorization_code',
    'refresh_token',
  ])
  const second = last(backend)
  expect(await doorkeeper.read(first.access_token)).toBe(401)
  expect(await doorkeeper.read(second.access_token)).toBe(200)
  expect((await doorkeeper.refresh(first.refresh_token, credentials)).error).toBe('invalid_grant')
})

test('refreshes when the API turns the token down before its time', async ({
  page,
  origin,
  doorkeeper,
  backend,
}) => {
  await signIn(page, origin)
  await doorkeeper.later(LIFETIME + 1)
  await expectApiAnswer(page)
  expect(backend.tokenRequests).toHaveLength(2)
})

test('signs out at the server too', async ({ page, origin, doorkeeper, backend }) => {
  await signIn(page, origin)
  const { access_token, refresh_token } = last(backend)
  expect(await doorkeeper.read(access_token)).toBe(200)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.locator('#answer')).toHaveText('The server forgot you.')
  await expectSignedOut(page)
  expect(await doorkeeper.read(access_token)).toBe(401)
  expect((await doorkeeper.refresh(refresh_token, credentials)).error).toBe('invalid_grant')
  await page.getByRole('button', { name: 'Read the list' }).click()
  await expectProblem(page, 'session_required')
})

test('tells the person that they said no, and lets them try again', async ({ page, origin, backend }) => {
  await goToQuestion(page, origin)
  await deny(page)
  await expectProblem(page, 'authorization_error')
  await expectSignedOut(page)
  await expect(page).toHaveURL(`${origin}/`)
  expect(backend.tokenRequests).toEqual([])
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Authorize' }).click()
  await expectSignedIn(page)
})
