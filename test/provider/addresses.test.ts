import { describe, expect, it } from 'vitest'
import {
  forgejo,
  gitcode,
  gitea,
  github,
  gitkraken,
  gitlab,
  gitshare,
  type Provider,
} from '../../src/provider/index.ts'

type Make = (place: { readonly base: string | URL }) => Provider

const makers: Readonly<Record<string, Make>> = {
  GitLab: gitlab,
  'the documented GitLab': (place) => gitlab({ ...place, profile: 'documented' }),
  Gitea: gitea,
  'the documented Gitea': (place) => gitea({ ...place, profile: 'documented' }),
  Forgejo: forgejo,
  GitHub: github,
  GitCode: gitcode,
  GitKraken: gitkraken,
  GitShare: gitshare,
}

const ADDRESS = /^https?:/

/** Every address in the data of a provider, those of its account and pages as well. */
const addressesOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value].filter((text) => ADDRESS.test(text))
    : Object.values(Object(value)).flatMap(addressesOf)

const bases = [
  'https://h.example/git',
  'https://h.example/git/',
  'https://h.example/git//',
  new URL('https://h.example/git'),
  new URL('https://h.example/git/'),
]

describe.each(Object.entries(makers))('the addresses of %s', (_, make) => {
  it.each(bases)('are all below the path of %s', (base) => {
    const addresses = addressesOf(make({ base }))
    // The issuer itself, both endpoints and the API at least.
    expect(addresses.length).toBeGreaterThan(3)
    for (const address of addresses) {
      expect(`${address}/`).toMatch(/^https:\/\/h\.example\/git\//)
      expect(new URL(address).pathname).not.toContain('//')
    }
  })

  it('are the same with or without a slash, as text or as URL', () => {
    const [first, ...others] = bases.map((base) => addressesOf(make({ base })))
    for (const other of others) expect(other).toEqual(first)
  })

  it('let relative paths of the API and the account stay below the path', () => {
    const { api_base = '', account } = make({ base: 'https://h.example/git/' })
    expect(api_base).toMatch(/^https:\/\/h\.example\/git\/.+\/$/)
    expect(new URL(`${account?.url}`, api_base).href).toContain(api_base)
  })
})

describe('the addresses of a forge that is where it always is', () => {
  it.each<[string, Provider]>([
    ['gitlab.com', gitlab()],
    ['codeberg.org', forgejo()],
    ['github.com', github()],
    ['gitcode.com', gitcode()],
    ['gitkraken.com', gitkraken()],
    ['app.gitshare.io', gitshare()],
  ])('are at %s over https', (host, provider) => {
    for (const address of addressesOf(provider)) {
      const url = new URL(address)
      expect([url.protocol, `.${url.hostname}`.endsWith(`.${host}`)]).toEqual(['https:', true])
      expect(url.pathname).not.toContain('//')
    }
  })
})
