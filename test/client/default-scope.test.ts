import { describe, expect, it } from 'vitest'
import { type ClientOptions, createClient } from '../../src/index.ts'
import { gitlab, type Provider } from '../../src/provider/index.ts'
import { json, startApp } from './app.ts'

/** An app that names no scope, at a GitLab or another provider; its forge does not say what it granted. */
function startUnscoped(change: Partial<Provider> = {}, more: Partial<ClientOptions> = {}) {
  const app = startApp({ provider: ({ base }) => ({ ...gitlab({ base }), ...change }) })
  const { scope: _, ...options } = app.options
  app.answers.token = () => json({ access_token: 'AT', token_type: 'bearer' })
  const client = createClient({ ...options, ...more })
  const start = (login = {}) => app.start(login, client)
  const finish = async (request: URLSearchParams) => (await client.callback(app.back(request)))?.session.scope
  return { ...app, client, start, finish }
}

describe('an app that names no scope', () => {
  it('asks for the least that tells who signed in, remembers it, and shows it in the session', async () => {
    const { start, finish, transactions } = startUnscoped()
    const request = await start()
    expect(request.get('scope')).toBe('read_user')
    expect([...transactions.values()]).toEqual([expect.objectContaining({ scope: 'read_user' })])
    expect(await finish(request)).toBe('read_user')
  })

  it('asks for none where the provider names no least one', async () => {
    const { default_scope: _, ...provider } = gitlab({ base: 'https://plain.example' })
    const app = startApp({ provider: () => provider })
    const { scope: __, ...options } = app.options
    expect((await app.start({}, createClient(options))).has('scope')).toBe(false)
  })

  it('is exact about what it asked for', async () => {
    const { start, finish, answers } = startUnscoped({}, { exactScope: true })
    expect(await finish(await start())).toBe('read_user')
    answers.token = () => json({ access_token: 'AT', token_type: 'bearer', scope: 'api read_user' })
    await expect(finish(await start())).rejects.toMatchObject({ code: 'scope_exceeded' })
  })

  it('is never refused for it by a server that demands a scope', async () => {
    const { start } = startUnscoped({ scope_required: true, default_scope: 'user:read' })
    expect((await start()).get('scope')).toBe('user:read')
  })
})

describe('an app that asks for no scope by name', () => {
  it('leaves it to the forge, and knows of none', async () => {
    const { start, finish } = startUnscoped()
    const request = await start({ scope: '' })
    expect(request.has('scope')).toBe(false)
    expect(await finish(request)).toBeUndefined()
  })

  it('says so once for all sign-ins, or names one for a single sign-in', async () => {
    const { start } = startApp({ scope: '' })
    expect((await start()).has('scope')).toBe(false)
    expect((await start({ scope: 'api' })).get('scope')).toBe('api')
  })
})
