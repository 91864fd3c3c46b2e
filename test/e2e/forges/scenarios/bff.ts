import type { BrowserContext } from '@playwright/test'
import { expect, type Scenario } from '../fixtures.ts'
import { keptBy, passLifetime, read, signIn, signInByPopup } from '../person.ts'
import { type Place, SECRET } from '../place.ts'
import { grantsOf, parametersOf, requestsTo, textOf, tokensOf } from '../wire.ts'

/** Both steps sent what the forge documents, and the secret stood in a body alone. */
export function expectWire({ url, browser, server, provider, sent }: Place): void {
  const redirect_uri = `${url}auth/callback/forge`
  const [asked] = requestsTo(browser, provider.authorization_endpoint).map(parametersOf)
  const { state, scope: _, code_challenge, ...parameters } = asked ?? {}
  expect(state).toMatch(/^[\w-]{43}$/)
  expect(parameters).toEqual({
    ...{ response_type: 'code', client_id: 'harbour' },
    ...(sent.redirect_uri !== 'none' && { redirect_uri }),
    ...(sent.pkce && { code_challenge_method: 'S256' }),
  })
  const [exchanged, ...more] = requestsTo(server, provider.token_endpoint)
  expect(more).toEqual([])
  const query = Object.fromEntries(exchanged?.url.searchParams ?? [])
  const body = Object.fromEntries(new URLSearchParams(exchanged?.body))
  const secret = { client_secret: SECRET }
  const rest = {
    ...{ grant_type: 'authorization_code', client_id: 'harbour', code: expect.stringMatching(/./) },
    ...(sent.redirect_uri === 'both' && { redirect_uri }),
    ...(sent.pkce && { code_verifier: expect.stringMatching(/^[\w-]{43}$/) }),
  }
  const inQuery = sent.parameters === 'query'
  expect({ query, body }).toEqual(
    inQuery ? { query: rest, body: secret } : { query: {}, body: { ...rest, ...secret } },
  )
  expect(code_challenge !== undefined).toBe(sent.pkce)
}

/** The session is a cookie that no script reads and no other site sends. */
export async function expectCookie(context: BrowserContext, { url }: Place): Promise<void> {
  const cookies = (await context.cookies(url)).filter(({ name }) => name.includes('.session.'))
  expect(cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: 'Strict' })])
}

/** What the browser has is that cookie; secret and tokens are the server's. */
export async function expectKept(context: BrowserContext, place: Place): Promise<void> {
  const { browser, server, provider } = place
  await expectCookie(context, place)
  const seen = textOf(browser) + (await keptBy(context))
  expect(seen).not.toContain(SECRET)
  const given = tokensOf(server, provider).flatMap((tokens) => [tokens.access_token, tokens.refresh_token])
  expect(given[0]).toMatch(/./)
  for (const token of given.filter((value) => value !== undefined)) expect(seen).not.toContain(token)
}

/** The API was read by way of the backend, with the last token there is. */
function expectProxied({ url, browser, server, provider, resource }: Place): void {
  const [{ access_token } = { access_token: '' }] = tokensOf(server, provider)
  const call = requestsTo(server, provider.api_base).at(-1)
  expect(call?.url.href).toBe(resource)
  expect(call?.request.headers.get('authorization')).toBe(`Bearer ${access_token}`)
  expect(requestsTo(browser, `${url}auth/api/forge/`)).toHaveLength(1)
  expect(requestsTo(browser, provider.api_base)).toEqual([])
}

export const byRedirect: Scenario = async ({ page, context, open }) => {
  const place = open({ client: 'bff' })
  await signIn(page, place)
  expectWire(place)
  await read(page)
  expectProxied(place)
  await expectKept(context, place)
}

export const byPopup: Scenario = async ({ page, context, open }) => {
  const place = open({ client: 'bff', flow: 'popup' })
  await signInByPopup(page, place)
  expectWire(place)
  await read(page)
  expectProxied(place)
  await expectKept(context, place)
}

export const renewal: Scenario = async ({ page, context, open }) => {
  const place = open({ client: 'bff' })
  const { server, provider } = place
  await signIn(page, place)
  await passLifetime(page, place)
  await read(page)
  expect(grantsOf(server, provider)).toEqual(['authorization_code', 'refresh_token'])
  const [, refresh] = requestsTo(server, provider.token_endpoint)
  const [renewed, first] = tokensOf(server, provider)
  const client = { client_id: 'harbour', client_secret: SECRET }
  const { scope: _, ...parameters } = refresh ? parametersOf(refresh) : {}
  expect(parameters).toEqual({
    grant_type: 'refresh_token',
    refresh_token: first?.refresh_token,
    ...(place.sent.refresh === 'client' && client),
  })
  expect(refresh?.url.search).not.toContain('client_secret')
  expect(renewed?.access_token).not.toBe(first?.access_token)
  expectProxied(place)
  await expectKept(context, place)
}
