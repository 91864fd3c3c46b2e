import { describe, expect, test } from 'vitest'
import { createForge, type Forge } from '../../src/emulator/index.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const forges: [name: string, create: () => Forge, path: string][] = [
  ['GitLab', () => createForge('gitlab'), '/api/v4/user'],
  ['Gitea', () => createForge('gitea'), '/api/v1/user'],
  ['documented Gitea', () => createForge('gitea', { profile: 'documented' }), '/api/v1/user'],
  ['Forgejo', () => createForge('forgejo'), '/api/v1/user'],
  ['GitShare', () => createForge('gitshare'), '/api/2/whoami/'],
  ['GitKraken', () => createForge('gitkraken'), '/v1/glo/user?fields=username'],
]

const read = (forge: Forge, path: string, headers: Record<string, string>) =>
  forge.fetch(new Request(`http://localhost${path}`, { headers }))

describe.each(forges)('a personal access token of %s', (_, create, path) => {
  test('is public knowledge, one for each person, and says whose it is', async () => {
    const forge = create()
    expect(forge.personal_access_tokens.map(({ username }) => username)).toEqual(['ada', 'jonas'])
    for (const { username, token } of forge.personal_access_tokens)
      expect(await (await read(forge, path, bearer(token))).json()).toMatchObject({ username })
  })

  test('does not expire, but ends when everything is revoked', async () => {
    const forge = create()
    expect((await read(forge, path, bearer('ada-personal-token'))).status).toBe(200)
    forge.revokeAll()
    expect((await read(forge, path, bearer('ada-personal-token'))).status).toBe(401)
  })
})

test.each([
  ['GitCode', () => createForge('gitcode'), '/api/v5/user'],
  ['GitHub', () => createForge('github'), '/user'],
] as const)('a personal access token of %s says whose it is', async (_, create, path) => {
  const { login } = await (await read(create(), path, bearer('jonas-personal-token'))).json()
  expect(login).toBe('jonas')
})

describe('personal access tokens', () => {
  test('can be given, with their scope', async () => {
    const personal_access_tokens = [{ username: 'jonas', token: 'mine', scope: 'read_user' }]
    const forge = createForge('gitlab', { personal_access_tokens })
    const user = await read(forge, '/api/v4/user', { 'private-token': 'mine' })
    expect((await user.json()).username).toBe('jonas')
    expect((await read(forge, '/api/v4/projects', bearer('mine'))).status).toBe(403)
    expect((await read(forge, '/api/v4/user', bearer('ada-personal-token'))).status).toBe(401)
  })

  test('have a header of their own at GitLab, which other tokens do not fit', async () => {
    const forge = createForge('gitlab')
    const own = await read(forge, '/api/v4/user', { 'private-token': 'ada-personal-token' })
    const wrong = await read(forge, '/api/v4/user', { 'private-token': 'x', ...bearer('ada-personal-token') })
    expect([own.status, wrong.status]).toEqual([200, 401])
  })

  test('are no tokens of OpenID or of an application at GitLab', async () => {
    const forge = createForge('gitlab')
    for (const path of ['/oauth/token/info', '/oauth/userinfo'])
      expect((await read(forge, path, bearer('ada-personal-token'))).status).toBe(401)
  })
})
