import { describe, expect, test } from 'vitest'
import { createForge, type Forge } from '../../src/emulator/index.ts'

const create = {
  GitLab: (coop?: 'same-origin') => createForge('gitlab', coop && { coop }),
  Gitea: (coop?: 'same-origin') => createForge('gitea', coop && { coop }),
  'GitKraken Boards': (coop?: 'same-origin') => createForge('gitkraken', coop && { coop }),
  GitCode: (coop?: 'same-origin') => createForge('gitcode', coop && { coop }),
  GitShare: (coop?: 'same-origin') => createForge('gitshare', coop && { coop }),
  GitHub: (coop?: 'same-origin') => createForge('github', coop && { coop }),
  Forgejo: (coop?: 'same-origin') => createForge('forgejo', coop && { coop }),
}
const signIn = {
  ...{ GitLab: '/users/sign_in', Gitea: '/user/login', 'GitKraken Boards': '/login', GitCode: '/login' },
  ...{ GitShare: '/login/', GitHub: '/login', Forgejo: '/user/login' },
}
const signOut = {
  ...{ GitLab: '/users/sign_out', Gitea: '/user/logout', 'GitKraken Boards': '/logout', GitCode: '/logout' },
  ...{ GitShare: '/logout/', GitHub: '/logout', Forgejo: '/user/logout' },
}
const names = ['GitLab', 'Gitea', 'GitKraken Boards', 'GitCode', 'GitShare', 'GitHub', 'Forgejo'] as const

/** A browser that keeps one cookie. */
function open(forge: Forge) {
  let cookie = ''
  return async (path: string, form?: Record<string, string>) => {
    const init = form ? { method: 'POST', body: new URLSearchParams(form) } : {}
    const response = await forge.fetch(
      new Request(`http://localhost${path}`, { ...init, headers: { cookie } }),
    )
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    const text = await response.text()
    return { response, text, token: /name="authenticity_token" value="(\w+)"/.exec(text)?.[1] ?? '' }
  }
}

async function signedIn(forge: Forge, path: string) {
  const browse = open(forge)
  const { token: authenticity_token } = await browse(path)
  await browse(path, { 'user[login]': 'ada', 'user[password]': 'ada-lantern', authenticity_token })
  return browse
}

describe.each(names)('the pages of %s', (name) => {
  test('lead from the door to the sign-in, home and out again', async () => {
    const forge = create[name]()
    expect((await open(forge)('/')).response.headers.get('location')).toBe(`http://localhost${signIn[name]}`)
    const browse = await signedIn(forge, signIn[name])
    const home = await browse('/')
    expect(home.text).toContain(`Signed in to ${name}`)
    expect(home.text).toContain('<code>ada-personal-token</code>')
    expect(home.text).not.toContain('jonas-personal-token')
    await browse(signOut[name], { authenticity_token: home.token })
    expect((await browse('/')).response.status).toBe(302)
  })

  test('keep a popup apart only when told to', async () => {
    const headers = async (forge: Forge) => {
      const page = await open(forge)(signIn[name])
      const moved = await open(forge)('/')
      const api = await open(forge)('/api/v1/user')
      const answers = [page, moved, api].map(({ response }) => response)
      return answers.map((answer) => answer.headers.get('cross-origin-opener-policy'))
    }
    expect(await headers(create[name]())).toEqual([null, null, null])
    expect((await headers(create[name]('same-origin'))).slice(0, 2)).toEqual(['same-origin', null])
  })
})

describe('the consent page of Gitea', () => {
  const query = (scope = '') =>
    `/login/oauth/authorize?${new URLSearchParams({
      client_id: 'forgepass-demo',
      redirect_uri: 'http://localhost/cb?"><b>',
      response_type: 'code',
      code_challenge: 'x',
      code_challenge_method: 'S256',
      scope,
    })}`

  test('says what the scopes mean, and without any that it is everything', async () => {
    const browse = await signedIn(createForge('gitea'), '/user/login')
    expect((await browse(query('openid read:user'))).text).toMatch(
      /<code>openid<\/code>.*<code>read:user<\/code><span>Read your profile/s,
    )
    expect((await browse(query())).text).toContain('<code>everything</code>')
  })

  test('of old times knows no scopes, and cancels by an escaped link without a form', async () => {
    const browse = await signedIn(createForge('gitea', { profile: 'documented' }), '/user/login')
    const { text } = await browse(query('read:user'))
    expect(text).toContain('<code>everything</code>')
    expect(text).not.toContain('<code>read:user</code>')
    expect(text).toContain('<a class="button" href="http://localhost/cb?&quot;&gt;&lt;b&gt;">Cancel</a>')
  })

  test('lets no form through without its token', async () => {
    const browse = await signedIn(createForge('gitea'), '/user/login')
    const { response } = await browse(query().replace('authorize', 'grant'), { granted: 'true' })
    expect(response.status).toBe(422)
  })

  test('is shown to a posted request too', async () => {
    const browse = await signedIn(createForge('gitea'), '/user/login')
    const params = Object.fromEntries(new URLSearchParams(query().split('?')[1]))
    expect((await browse('/login/oauth/authorize', params)).text).toContain('>Authorize<')
  })
})

test('a form of GitKraken Boards is not let through without its token', async () => {
  const browse = await signedIn(createForge('gitkraken'), '/login')
  const form = { response_type: 'code', client_id: 'forgepass-demo', scope: 'user:read' }
  expect((await browse('/oauth/authorize', form)).response.status).toBe(422)
})
