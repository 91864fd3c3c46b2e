// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import type { Flow } from '../../src/index.ts'
import { forgejo, github, gitlab } from '../../src/provider/index.ts'
import { CASES } from '../bff/forges.ts'
import { failure } from '../client/app.ts'
import { type Backend, expectStray, startAt } from './backend.ts'
import { openPage, type Setting } from './page.ts'

const atGitLab: Setting = {
  make: (registered) => createForge('gitlab', registered),
  provider: (base) => gitlab({ base }),
  scope: 'read_user',
}

const atForgejo7: Setting = {
  make: (registered) => createForge('forgejo', { ...registered, version: 7, cors: true }),
  provider: (base) => forgejo({ base }),
}

/** Starts a sign-in in a page, which the person leaves as a redirect does. */
async function leave(setting: Setting) {
  let go: (url: URL) => void = () => {}
  const gone = new Promise<URL>((resolve) => {
    go = resolve
  })
  const flow: Flow = async (url) => {
    go(await url)
    return new Promise(() => {})
  }
  const page = openPage({ ...setting, flow })
  void page.client.login()
  return { ...page, asked: await gone }
}

/** An address of the callback, with these parameters alone. */
const backTo = (redirect_uri: string, parameters: Record<string, string>) =>
  new URL(`${redirect_uri}?${new URLSearchParams(parameters)}`)

/** The sign-in that was under way all the time comes to its end. */
const finish = async ({ forge, comeBack }: Backend, asked: URL) => comeBack(await forge.visit(asked))

describe('a forge that sends nobody back', () => {
  it('Q2: a sign-in that ends on a page of GitLab waits for nothing, and is in no way of the next', async () => {
    const left: unknown[] = []
    const { forge, client, options } = openPage({
      ...atGitLab,
      flow: async (url, { signal }) =>
        forge.visit(await url).catch(async (error) => {
          left.push(error)
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        }),
    })
    const person = new AbortController()
    const lost = client.login({ scope: 'read_minds', signal: person.signal }).catch((error) => error)
    expect(await client.login()).toMatchObject({ scope: 'read_user' })
    expect(left).toEqual([expect.objectContaining({ message: expect.stringContaining('scope is invalid') })])
    expect(forge.requests.filter(({ params }) => params.grant_type)).toHaveLength(1)
    // Until the person gives it up.
    person.abort(new Error('Never mind.'))
    expect(await lost).toMatchObject({ message: 'Never mind.' })
    expect(await client.session()).toMatchObject({ scope: 'read_user' })
    expect([...(await options.transactions.keys())]).toHaveLength(1)
  })

  it('Q2: nor are many of them in the way at the BFF', async () => {
    const { settings } = CASES['GitLab of today'] ?? {}
    const app = startAt('GitLab of today', {
      settings: { provider: gitlab(), ...settings, scope: 'read_minds' },
    })
    for (let count = 0; count < 7; count += 1) {
      await expect(app.forge.visit(await app.leave())).rejects.toThrow('The requested scope is invalid')
      expect(app.forge.requests.at(-1)?.status).toBe(200)
    }
    const asked = await app.leave()
    asked.searchParams.set('scope', 'read_user')
    expect(await finish(app, asked)).toBe('/')
    expect(app.tokenRequests()).toHaveLength(1)
  })
})

describe('a forge that sends people back in its own way', () => {
  it('Q3: who has agreed before is led back by a script, and signed in as by a redirect', async () => {
    const app = startAt('GitLab of today')
    expect(await app.signIn()).toBe('/')
    const before = app.forge.requests.length
    expect(await app.signIn()).toBe('/')
    const asked = app.forge.requests.slice(before).filter(({ path }) => path === '/oauth/authorize')
    expect(asked.map(({ method }) => method)).not.toContain('POST')
    expect(asked.at(-1)?.status).toBe(200)
    expect((await app.session()).account).toMatchObject({ username: 'ada' })
  })

  it('Q4: Cancel without a word is told of as cancelled, and the code of nobody is exchanged', async () => {
    const app = startAt('the documented Gitea')
    const back = await app.forge.visit(await app.leave(), { decision: 'deny' })
    expect(back.href).toBe(app.redirect_uri)
    expect(await app.comeBack(back)).toBe('/?forgepass_error=user_cancelled')
    expect(app.tokenRequests()).toEqual([])
    expect(await app.signIn()).toBe('/')
  })

  it('Q4: Cancel without a word is no callback in a page, which is as it was', async () => {
    const { client, forge, person, asked, redirect_uri } = await leave(atForgejo7)
    const back = await forge.visit(asked, { decision: 'deny' })
    expect(back.href).toBe(redirect_uri)
    expect(await client.callback(back)).toBeUndefined()
    expect(await client.session()).toBeNull()
    expect(forge.requests.filter(({ params }) => params.grant_type)).toEqual([])
    // The person thinks better of it.
    expect(await client.callback(await forge.visit(asked, person))).toMatchObject({ return_to: '/' })
  })

  it('Q5: an error that comes back with an empty state is no answer to a sign-in', async () => {
    const app = startAt('Gitea of today')
    const asked = await app.leave()
    const stateless = new URL(asked)
    stateless.searchParams.delete('state')
    const back = await app.forge.visit(stateless, { decision: 'deny' })
    expect(back.search).toMatch(/error=access_denied.*&state=$/)
    await expectStray(app, back)
    expect(await finish(app, asked)).toBe('/')
  })

  it('Q5: so every sign-in has a state of its own', async () => {
    for (const name of Object.keys(CASES)) {
      const app = startAt(name)
      const states = [await app.leave(), await app.leave()].map(({ searchParams }) =>
        searchParams.get('state'),
      )
      for (const state of states) expect(state).toMatch(/^[\w-]{43}$/)
      expect(new Set(states).size).toBe(2)
    }
  })

  it('Q28: a code of GitHub has to name GitHub, and its error need not', async () => {
    const app = startAt('an OAuth app at GitHub')
    const [nameless, foreign] = [
      await app.forge.visit(await app.leave()),
      await app.forge.visit(await app.leave()),
    ]
    expect(nameless.searchParams.get('iss')).toBe('https://github.com/login/oauth')
    nameless.searchParams.delete('iss')
    foreign.searchParams.set('iss', 'https://gitlab.com')
    expect(await app.comeBack(nameless)).toBe('/?forgepass_error=issuer_missing')
    expect(await app.comeBack(foreign)).toBe('/?forgepass_error=issuer_mismatch')
    const denied = await app.forge.visit(await app.leave(), { decision: 'deny' })
    expect(denied.searchParams.has('iss')).toBe(false)
    expect(await app.comeBack(denied)).toBe('/?forgepass_error=authorization_error')
    expect(app.tokenRequests()).toEqual([])
    expect(await app.signIn()).toBe('/')
  })

  it('Q28: an Enterprise Server may name none, but nobody else', async () => {
    const settings = { provider: github({ base: 'https://ghe.example' }), scope: 'read:user repo' }
    const app = startAt('an OAuth app at GitHub', { settings })
    const [nameless, foreign] = [
      await app.forge.visit(await app.leave()),
      await app.forge.visit(await app.leave()),
    ]
    nameless.searchParams.delete('iss')
    foreign.searchParams.set('iss', 'https://github.com/login/oauth')
    expect(await app.comeBack(foreign)).toBe('/?forgepass_error=issuer_mismatch')
    expect(await app.comeBack(nameless)).toBe('/')
  })
})

describe('an error that anybody can have written', () => {
  const words = { error: 'access_denied', error_description: 'Call this number' }

  it.each(Object.keys(CASES))('Q34: without the state it is not heeded at %s', async (name) => {
    const app = startAt(name)
    const asked = await app.leave()
    await expectStray(app, backTo(app.redirect_uri, words))
    await expectStray(app, backTo(app.redirect_uri, { ...words, state: 'x'.repeat(43) }))
    expect(await finish(app, asked)).toBe('/')
  })

  it.each([
    ['no state', {}, 'state_missing'],
    ['another state', { state: 'x'.repeat(43) }, 'state_mismatch'],
  ])(
    'Q34: with %s it fails the callback of a page without its words, and not the sign-in',
    async (_, state, code) => {
      const { client, forge, asked, redirect_uri } = await leave(atGitLab)
      const error = await failure(client.callback(backTo(redirect_uri, { ...words, ...state })))
      expect(error).toMatchObject({ code })
      expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/access_denied|Call this/)
      expect(await client.callback(await forge.visit(asked))).toMatchObject({
        session: { scope: 'read_user' },
      })
    },
  )
})
