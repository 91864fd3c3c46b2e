import { describe, expect, test } from 'vitest'
import { createForge, type ForgeName, type ForgeOptions } from '../../src/emulator/index.ts'

describe('an option that cannot be', () => {
  test.each<[ForgeName, object, string]>([
    [
      'gitea',
      { profile: 'foo' },
      'The option "profile" of the forge "gitea" cannot be "foo": take current or documented.',
    ],
    ['gitea', { cors: 'yes' }, 'cannot be "yes": take true or false.'],
    ['gitea', { invalidate_refresh_tokens: 1 }, 'cannot be 1: take true or false.'],
    ['gitea', { profile: 'documented', cors: true }, 'The documented Gitea has no CORS'],
    ['gitea', { errors: 'oauth' }, 'The forge "gitea" has no option "errors".'],
    ['gitkraken', { errors: 'foo' }, 'take oauth or message or html.'],
    ['gitkraken', { profile: 'current' }, 'The forge "gitkraken" has no option "profile".'],
    ['gitlab', { cors: false }, "Today's GitLab is open to every origin"],
    ['gitlab', { errors: 'oauth' }, 'The forge "gitlab" has no option "errors".'],
    ['gitlab', { profile: 'old' }, 'take current or documented.'],
    ['gitcode', { errors: 'foo' }, 'take oauth or message or html.'],
    ['gitcode', { profile: 'documented' }, 'The forge "gitcode" has no option "profile".'],
    ['gitshare', { profile: 'foo' }, 'take current or documented.'],
    ['github', { cors: false }, 'The forge "github" has no option "cors".'],
    ['github', { expires_in: 60 }, 'expire only with the option "expiring_tokens".'],
    ['github', { clients: [{ client_id: 'x', name: 'X', redirect_uris: [] }] }, 'without a secret: "x"'],
    ['forgejo', { version: 1 }, 'cannot be 1: take 7 or 8 or 9 or 13 or 15.'],
    ['gitlab', { fault: 'explode' }, 'There is no fault "explode"'],
    ['gitlab', { coop: 'unsafe-none' }, 'cannot be "unsafe-none": take same-origin.'],
    ['gitlab', { personal_access_tokens: [{ username: 'eve', token: 'x' }] }, 'of "eve", who is no user'],
  ])('%s %j is refused with a TypeError', (name, options, words) => {
    const create = () => createForge(name, options as ForgeOptions)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(words)
  })

  test('is refused by the types too', () => {
    // @ts-expect-error GitKraken has no profile to choose.
    expect(() => createForge('gitkraken', { profile: 'current' })).toThrow(TypeError)
    // @ts-expect-error GitKraken's tokens do not expire.
    createForge('gitkraken', { expires_in: 60 })
    const application = { client_id: 'x', name: 'X', redirect_uris: ['/x'] } as const
    // @ts-expect-error An application at GitKraken has a secret.
    expect(() => createForge('gitkraken', { clients: [application] })).toThrow(TypeError)
  })
})

describe('the clients of a forge', () => {
  const client_secret = 'public-demo-secret'
  const spa = { client_id: 'forgepass-demo' }
  const bff = { client_id: 'forgepass-demo-bff', client_secret }

  test.each([
    ['GitLab', createForge('gitlab'), [spa, bff]],
    ['Gitea', createForge('gitea'), [spa, bff]],
    ['Gitea as documented', createForge('gitea', { profile: 'documented' }), [{ ...spa, client_secret }]],
    ['GitLab as documented', createForge('gitlab', { profile: 'documented' }), [spa, bff]],
    ['GitKraken Boards', createForge('gitkraken'), [{ ...spa, client_secret }]],
    ['GitCode', createForge('gitcode'), [{ ...spa, client_secret }]],
    ['GitShare', createForge('gitshare'), [{ ...spa, client_secret }]],
    ['GitHub', createForge('github'), [{ ...spa, client_secret }]],
    ['Forgejo', createForge('forgejo'), [spa, bff]],
  ])('of %s can be read', (label, forge, expected) => {
    expect(label.startsWith(forge.name)).toBe(true)
    const told = forge.clients.map(({ client_id, client_secret: secret }) => ({
      client_id,
      ...(secret && { client_secret: secret }),
    }))
    expect(told).toEqual(expected)
  })
})
