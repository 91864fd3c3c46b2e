import { describe, expect, it } from 'vitest'
import { type BffProviderOptions, createBff } from '../../src/bff/index.ts'
import { gitea, gitkraken, gitlab, type Provider } from '../../src/provider/index.ts'
import { CASES, startForge } from './forges.ts'

/** What the forge is asked for, and what the page is told afterwards, by a BFF that names no scope or this one. */
async function askedAndShown(name: string, scope?: string) {
  const { settings, ...one } = CASES[name] ?? expect.fail()
  const { provider } = settings
  const app = startForge({ ...one, settings: { provider, ...(scope !== undefined && { scope }) } })
  const asked = await app.leave()
  await app.comeBack(await app.forge.visit(asked))
  return [asked.searchParams.get('scope'), (await app.session())?.scope]
}

describe('a BFF that names no scope', () => {
  it.each([
    ['GitLab of today', 'read_user'],
    ['the documented GitLab', 'read_user'],
    ['Gitea of today', 'read:user'],
    ['Codeberg', 'read:user'],
    ['GitCode', 'all_user'],
    ['GitKraken', 'user:read'],
    ['an OAuth app at GitHub', 'read:user'],
  ])('asks %s for the least that tells who signed in', async (name, scope) => {
    expect(await askedAndShown(name)).toEqual([scope, scope])
  })

  it.each([
    ['the documented Gitea', undefined],
    ['GitShare of today', 'read write'],
  ])('asks %s for none, which has none to ask for or lists none', async (name, shown) => {
    expect(await askedAndShown(name)).toEqual([null, shown])
  })

  it('asks for none where that is what it says, and the forge decides', async () => {
    const everything = expect.stringContaining('all_repository')
    expect(await askedAndShown('GitCode', '')).toEqual([null, everything])
  })
})

describe('the settings of a BFF', () => {
  const made = (provider: Provider, settings: Partial<BffProviderOptions>) => () =>
    createBff({
      publicOrigin: 'https://www.app.example',
      cookieSecret: 'canary-cookie-secret-of-32-letters-1',
      providers: { forge: { provider, client_id: 'app', client_secret: 'canary-secret-1', ...settings } },
    })
  const refused = expect.objectContaining({ code: 'invalid_options' })

  it('may require the scope that is asked for by itself, and no other', () => {
    expect(made(gitlab(), { requiredScope: 'read_user' })).not.toThrow()
    expect(made(gitlab(), { requiredScope: 'api' })).toThrow(refused)
    expect(
      made(gitea({ base: 'https://tea.example', profile: 'documented' }), { requiredScope: 'x' }),
    ).toThrow(refused)
  })

  it('may leave the scope out where one is demanded, but not empty it', () => {
    expect(made(gitkraken(), {})).not.toThrow()
    expect(made(gitkraken(), { scope: '' })).toThrow(refused)
  })
})
