import { describe, expect, test } from 'vitest'
import { createForge, type Forge } from '../../src/emulator/index.ts'
import { startApp as startGitLab } from './app.ts'

const TOKEN = 'ada-personal-token'
const FORMS = {
  Bearer: { authorization: `Bearer ${TOKEN}` },
  token: { authorization: `token ${TOKEN}` },
  'PRIVATE-TOKEN': { 'private-token': TOKEN },
  '?access_token': 'access_token',
  '?private_token': 'private_token',
  '?token': 'token',
} as const
type Form = keyof typeof FORMS

const FORGES: [name: string, create: () => Forge, path: string, taken: Form[]][] = [
  [
    'GitLab',
    () => createForge('gitlab'),
    '/api/v4/user',
    ['Bearer', 'PRIVATE-TOKEN', '?access_token', '?private_token'],
  ],
  [
    'the documented GitLab',
    () => createForge('gitlab', { profile: 'documented' }),
    '/api/v4/user',
    ['Bearer', 'PRIVATE-TOKEN', '?access_token', '?private_token'],
  ],
  ['Gitea of today', () => createForge('gitea'), '/api/v1/user', ['Bearer', 'token']],
  [
    'the documented Gitea',
    () => createForge('gitea', { profile: 'documented' }),
    '/api/v1/user',
    ['Bearer', 'token', '?access_token', '?token'],
  ],
  ['Forgejo', () => createForge('forgejo'), '/api/v1/user', ['Bearer', 'token']],
  ['GitCode', () => createForge('gitcode'), '/api/v5/user', ['Bearer', 'PRIVATE-TOKEN', '?access_token']],
  ['GitShare', () => createForge('gitshare'), '/api/2/whoami/', ['Bearer', '?access_token']],
  ['GitKraken', () => createForge('gitkraken'), '/v1/glo/user', ['Bearer', '?access_token']],
  ['GitHub', () => createForge('github'), '/user', ['Bearer', 'token']],
]

/** Asks an API whose token it is, in one form. */
function ask(forge: Forge, path: string, form: Form) {
  const how = FORMS[form]
  const url = `https://forge.test${path}${typeof how === 'string' ? `?${how}=${TOKEN}` : ''}`
  return forge.fetch(new Request(url, typeof how === 'string' ? {} : { headers: how }))
}

describe('a token at the API', () => {
  test.each(FORGES)('of %s is taken as it documents, and in no other way', async (_, create, path, taken) => {
    const forge = create()
    const answered: Form[] = []
    for (const form of Object.keys(FORMS) as Form[]) {
      const { status } = await ask(forge, path, form)
      expect([200, 401]).toContain(status)
      if (status === 200) answered.push(form)
    }
    expect(answered).toEqual(taken)
  })

  test('of an application is no personal one at GitLab: it has no place in their header and parameter', async () => {
    const { winToken, get } = startGitLab()
    const { access_token = '' } = await winToken()
    expect((await get(`/api/v4/user?access_token=${access_token}`)).status).toBe(200)
    expect((await get('/api/v4/user', { 'private-token': access_token })).status).toBe(401)
    expect((await get(`/api/v4/user?private_token=${access_token}`)).status).toBe(401)
  })

  test('is repeated in the links of a list at GitLab, with every other parameter', async () => {
    const { winToken, get } = startGitLab()
    const { access_token = '' } = await winToken({ scope: 'read_api' })
    const answer = await get(`/api/v4/projects?membership=true&access_token=${access_token}`)
    const query = `membership=true&access_token=${access_token}&page=1&per_page=20`
    const address = `https://gitlab.test/api/v4/projects?${query}`
    expect(answer.headers.get('link')).toBe(`<${address}>; rel="first", <${address}>; rel="last"`)
  })
})

describe('a page of another origin', () => {
  /** Whether a browser would send the header there. */
  async function mayName(forge: Forge, path: string, header: string) {
    const asked = { origin: 'https://app.test', 'access-control-request-method': 'GET' }
    const headers = { ...asked, 'access-control-request-headers': header }
    const answer = await forge.fetch(new Request(`https://forge.test${path}`, { method: 'OPTIONS', headers }))
    return answer.headers.get('access-control-allow-headers') === header
  }

  test('may send the header of personal tokens to GitLab', async () =>
    expect(await mayName(createForge('gitlab'), '/api/v4/user', 'private-token')).toBe(true))

  test.each(['gitea', 'forgejo'] as const)(
    'may send Authorization, and no header of its own, to %s',
    async (kind) => {
      const forge = createForge(kind, { cors: true })
      expect(await mayName(forge, '/api/v1/user', 'authorization')).toBe(true)
      expect(await mayName(forge, '/api/v1/user', 'private-token')).toBe(false)
    },
  )

  test('may send Authorization alone to GitHub', async () => {
    const forge = createForge('github')
    expect(await mayName(forge, '/user', 'authorization')).toBe(true)
    expect(await mayName(forge, '/user', 'private-token')).toBe(false)
  })
})
