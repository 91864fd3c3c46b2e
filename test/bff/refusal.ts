import { expect } from 'vitest'
import type { OAuthErrorCode } from '../../src/bff/index.ts'
import type { Answer } from '../client/app.ts'
import { type App, back, type Changes, type ForgeName, leadsTo, sealOf, startBff } from './app.ts'
import { parseCookie } from './browser.ts'

/** A callback that has to fail, and how. */
export interface Refusal {
  readonly name?: ForgeName
  /** The query that the person comes back with, `$` for the state; by default a good one. */
  readonly callback?: string
  /** Milliseconds that pass before. */
  readonly after?: number
  /** What the token endpoint answers; without it the endpoint must not be asked. */
  readonly token?: Answer
  readonly app?: Changes
  /** What stands in the address that the person goes on to, or `page` for the page that leads nowhere by itself. */
  readonly code: OAuthErrorCode | 'page'
}

/** Expects the page for a callback that nobody is waiting for: it links to the application, and keeps nothing. */
export async function expectStray(answer: Response) {
  expect(answer.status).toBe(400)
  expect(answer.headers.get('forgepass-error')).toBe('state_mismatch')
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(answer.headers.get('content-security-policy')).toMatch(
    /^default-src 'none';.* frame-ancestors 'none'/,
  )
  const html = await answer.text()
  expect(html).toContain('<a href="https://www.app.example/">')
  expect(html).not.toMatch(/canary|<script|<img|state=/)
}

/** Expects the way back to the application, with a code and no session. */
function expectBack(answer: Response, code: OAuthErrorCode) {
  expect(answer.status).toBe(303)
  expect(leadsTo(answer)).toBe(`/here?tab=1&forgepass_error=${code}#part`)
  const cookies = answer.headers.getSetCookie().map(parseCookie)
  expect(cookies).toHaveLength(1)
  expect(cookies[0]).toMatchObject({ value: '', attributes: { 'max-age': '0', samesite: 'Lax' } })
}

/** Comes back once more, with a good response and the cookie of the sign-in: only the page has left it as it was. */
async function comeBackAgain(
  app: App,
  { address, code, signedIn }: { address: string; code: Refusal['code']; signedIn: boolean },
) {
  const { answers, issue, exchanges, browser } = app
  const asked = exchanges().length
  answers.token = issue
  // As a reload does, which brings the Strict cookie of the session along.
  const again = await browser.visit(address, 'address bar')
  const error = code === 'page' || signedIn ? '' : '&forgepass_error=state_replayed'
  expect(leadsTo(again)).toBe(`/here?tab=1${error}#part`)
  expect(exchanges()).toHaveLength(asked + (code === 'page' ? 1 : 0))
}

/** Brings a person back, who was signed in before or not, and looks that it fails and changes nothing. */
async function refuse(refusal: Refusal, signedIn: boolean) {
  const { name = 'gitlab', callback, after = 0, token, code } = refusal
  const app = startBff(refusal.app)
  const { browser, answers, exchanges } = app
  if (signedIn) await app.signIn(name)
  const read = async () => (await browser.send('/auth/session')).text()
  const session = await read()
  const [seal, asked] = [sealOf(browser, name), exchanges().length]
  const state = await app.start(name, { return_to: '/here?tab=1#part' })
  const login = app.findLogin()
  if (token) answers.token = token
  app.clock.now += after
  const address = back(name, state)
  const hostile = `/auth/callback/${name}?${callback?.replaceAll('$', state)}`
  const answer = await app.finish(callback === undefined ? address : hostile)
  if (code === 'page') await expectStray(answer)
  else expectBack(answer, code)
  expect(exchanges()).toHaveLength(asked + (token ? 1 : 0))
  expect(sealOf(browser, name)).toBe(seal)
  expect(await read()).toBe(session)
  browser.jar.plant(login.name, login.value)
  await comeBackAgain(app, { address, code, signedIn })
}

/** Expects a callback to fail, whether the person was signed in before or not. */
export async function expectRefusal(refusal: Refusal): Promise<void> {
  await refuse(refusal, true)
  await refuse(refusal, false)
}
