import { createHash } from 'node:crypto'
import { expect, type Scenario } from '../fixtures.ts'
import { passLifetime, read, signIn, signInByPopup } from '../person.ts'
import type { Place } from '../place.ts'
import { grantsOf, parametersOf, requestsTo, textOf, tokensOf } from '../wire.ts'

/** One code was exchanged, against the verifier of the challenge that was sent, and no secret was in it. */
function expectPkce({ browser, server, provider }: Place): void {
  const [asked] = requestsTo(browser, provider.authorization_endpoint).map(parametersOf)
  const [exchanged, ...more] = requestsTo(browser, provider.token_endpoint).map(parametersOf)
  expect(more).toEqual([])
  expect(exchanged?.grant_type).toBe('authorization_code')
  const hash = createHash('sha256').update(exchanged?.code_verifier ?? '')
  expect(asked).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: hash.digest('base64url'),
  })
  expect(textOf(browser)).not.toContain('client_secret')
  expect(server).toEqual([])
}

/** The API was read with the token in its header. */
function expectBearer({ browser, provider, resource }: Place): void {
  const [{ access_token } = { access_token: '' }] = tokensOf(browser, provider)
  const { request, url } = requestsTo(browser, provider.api_base).at(-1) ?? {}
  expect(url?.href).toBe(resource)
  expect(request?.headers.get('authorization')).toBe(`Bearer ${access_token}`)
}

export const byRedirect: Scenario = async ({ page, cell, open }) => {
  const place = open({ client: 'own', cors: cell === 'with CORS' })
  await signIn(page, place)
  expectPkce(place)
  await read(page)
  expectBearer(place)
}

export const byPopup: Scenario = async ({ page, cell, open }) => {
  const place = open({ client: 'own', flow: 'popup', cors: cell === 'with CORS' })
  await signInByPopup(page, place)
  expectPkce(place)
  await read(page)
  expectBearer(place)
}

export const renewal: Scenario = async ({ page, cell, open }) => {
  const place = open({ client: 'own', cors: cell === 'with CORS' })
  await signIn(page, place)
  await passLifetime(page, place)
  await read(page)
  const { browser, provider } = place
  expect(grantsOf(browser, provider)).toEqual(['authorization_code', 'refresh_token'])
  expectBearer(place)
  const [renewed, first] = tokensOf(browser, provider)
  expect(renewed?.access_token).not.toBe(first?.access_token)
}
