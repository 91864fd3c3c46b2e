import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { defineProvider, gitea, github, gitkraken, gitlab, type Provider } from '../../src/provider/index.ts'
import { base, becomePage, check, fetchAsPage, redirect_uri, refusing } from './diagnosis.ts'

const form = `${base}/-/user_settings/applications`
const settings = `${base}/user/settings/applications`
const standard = defineProvider({
  issuer: base,
  authorization_endpoint: `${base}/a`,
  token_endpoint: `${base}/t`,
})

/** What is advised where a forge answers in these words. */
const hintsOf = async (provider: Provider, error: string, description = '') =>
  (await check({ provider, fetch: refusing(error, { description }) })).hints

describe('what to do about an application', () => {
  it.each<[string, Provider, string, string, 'client_known' | 'client_accepted' | 'secret' | 'redirect_uri']>(
    [
      ['that a Gitea does not know', gitea({ base }), 'invalid_client', 'cannot load client', 'client_known'],
      ['that a Gitea refuses', gitea({ base }), 'invalid_client', 'cannot load client', 'client_accepted'],
      [
        'whose secret a Gitea wants',
        gitea({ base }),
        'unauthorized_client',
        'invalid client secret',
        'secret',
      ],
      [
        'that is confidential at a Gitea',
        gitea({ base }),
        'unauthorized_client',
        'invalid client secret',
        'client_accepted',
      ],
      [
        'that has another redirect_uri at a Gitea',
        gitea({ base }),
        'unauthorized_client',
        'unexpected redirect URI',
        'redirect_uri',
      ],
      ['that a Gitea may know', gitea({ base }), 'unauthorized_client', '', 'redirect_uri'],
    ],
  )('%s is told with the page of its settings', async (_, provider, error, description, id) => {
    const hint = (await hintsOf(provider, error, description))[id]
    expect(hint).toMatch(/^\w.*\. Applications are registered at /)
    expect(hint?.endsWith(` ${settings}`)).toBe(true)
  })

  it('is told with the page of each profile', async () => {
    expect((await hintsOf(gitlab({ base }), 'invalid_client')).client_accepted).toContain(` ${form}`)
    const old = gitlab({ base, profile: 'documented' })
    expect((await hintsOf(old, 'invalid_grant')).redirect_uri).toContain(` ${base}/profile/applications`)
  })

  it('names no page where nobody knows one', async () => {
    const { client_accepted, redirect_uri } = await hintsOf(standard, 'invalid_client')
    expect(client_accepted).toMatch(/^Compare the client_id\. .*or use the BFF\.$/)
    expect(redirect_uri).toMatch(/^Compare it with the settings .*\.$/)
  })

  it('names no password that stands in the address of a forge', async () => {
    const provider = gitea({ base: 'https://ada:canary-password@forge.example' })
    const diagnosis = await check({ provider, fetch: refusing('invalid_client') })
    expect(diagnosis.hints.redirect_uri).toContain(` ${settings}`)
    expect(JSON.stringify(diagnosis)).not.toContain('canary-password')
  })

  it('says where its address is fixed, whatever a sign-in names', async () => {
    const { marks, says, hints } = await check({
      provider: gitkraken({ base }),
      fetch: refusing('invalid_grant'),
    })
    expect(marks.redirect_uri).toBeUndefined()
    expect(says.redirect_uri).toContain('sends people to the registered address')
    expect(hints.redirect_uri).toContain(
      `Register this one there. Applications are registered at ${base}/oauth_apps`,
    )
  })
})

describe('what to do about a sign-out that revokes nothing', () => {
  it.each<[string, Provider, string | undefined]>([
    ['a Gitea', gitea({ base }), `People end its access at ${settings}`],
    ['a GitHub', github({ base }), `People end its access at ${base}/settings/applications`],
    ['a GitKraken', gitkraken({ base }), undefined],
    ['a GitLab, which revokes', gitlab({ base }), undefined],
  ])('%s: the page where people do it themselves, if any', async (_, provider, hint) => {
    expect((await hintsOf(provider, 'invalid_grant')).revocation).toBe(hint)
  })
})

describe('what the preset declares of CORS', () => {
  it.each<[string, Provider, string]>([
    ['every page', gitlab({ base }), 'browser; by its preset GitLab lets every page read it.'],
    [
      'where its admin has',
      gitea({ base }),
      '; by its preset Gitea lets pages read it where its admin has allowed CORS.',
    ],
    ['no page', github({ base }), '; by its preset GitHub lets no page read it.'],
    ['nothing', standard, 'CORS can only be seen from a browser.'],
  ])('is told where no browser shows it: %s', async (_, provider, sentence) => {
    const { marks, says } = await check({ provider, fetch: refusing('invalid_grant') })
    expect(marks.cors).toBeUndefined()
    expect(says.cors).toContain(sentence)
    expect(says.cors?.includes('preset')).toBe(provider !== standard)
  })

  it.each<[string, Provider, string]>([
    ['a GitLab that must have it', gitlab({ base }), 'GitLab allows CORS by itself: look at the address'],
    ['a Gitea', gitea({ base }), 'Ask the admin of Gitea to allow CORS, or use the BFF.'],
    [
      'a GitHub, which never has',
      github({ base }),
      'GitHub lets no page read it, and no setting changes that.',
    ],
    [
      'a server nobody knows',
      standard,
      `Ask the admin of ${new URL(base).host} to allow CORS, or use the BFF.`,
    ],
  ])('is what to do where a page may not read: %s', async (_, provider, advice) => {
    becomePage()
    const { fetch } = createForge('gitlab', { fault: 'no-cors' })
    const { marks, hints } = await check({ provider, redirect_uri, fetch: fetchAsPage(fetch) })
    expect(marks.cors).toBe(false)
    expect(hints.cors).toContain(advice)
  })
})
