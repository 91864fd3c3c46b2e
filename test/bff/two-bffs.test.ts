import { describe, expect, it } from 'vitest'
import { type App, back, leadsTo, sealOf, startBff, stateOf } from './app.ts'

/** One browser in front of two BFFs of one origin; every BFF answers below its own path. */
function startTwo(first: string, second: string) {
  const app = startBff({ basePath: first })
  const other = app.make({ basePath: second })
  const fetch = (request: Request) => {
    const { pathname } = new URL(request.url)
    return (pathname.startsWith(`${second}/`) ? other : app.bff).fetch(request)
  }
  return { ...app, browser: app.open({ fetch }) }
}

async function signIn({ browser, finish }: App, basePath: string) {
  const state = stateOf(await browser.visit(`${basePath}/login/gitlab`))
  expect(leadsTo(await finish(back('gitlab', state).replace('/auth', basePath), browser))).toBe('/')
}

const read = async ({ browser }: App, basePath: string) => (await browser.send(`${basePath}/session`)).json()

describe('two BFFs of one origin', () => {
  it.each([
    ['/auth', '/admin/auth'],
    ['/auth', '/login'],
    ['/auth', '/session'],
    ['/a/b', '/a.b'],
    ['/one', '/one/more'],
  ])('at %s and %s leave the sessions and sign-ins of each other alone', async (first, second) => {
    const app = startTwo(first, second)
    await signIn(app, first)
    expect(await read(app, second)).toEqual({})
    await signIn(app, second)
    expect(app.browser.jar.cookies.size).toBe(2)
    for (let turn = 0; turn < 6; turn += 1) await app.browser.visit(`${first}/login/gitlab`)
    for (const path of [first, second]) expect(await read(app, path), path).toHaveProperty('gitlab')
    const answer = await app.browser.send(`${first}/logout`, { method: 'POST' })
    expect(await answer.json()).toEqual({ revoked: true })
    expect(await read(app, first)).toEqual({})
    expect(await read(app, second)).toHaveProperty('gitlab')
    expect((await app.browser.send(`${second}/api/gitlab/projects`)).status).toBe(200)
  })

  it('is one BFF for its cookies where the path is the usual one', async () => {
    const app = startBff()
    await app.signIn()
    const other = startBff({ basePath: '/auth' })
    other.browser.jar.plant('__Host-forgepass.session.gitlab', sealOf(app.browser))
    expect((await other.browser.send('/auth/api/gitlab/projects')).status).toBe(200)
  })
})
