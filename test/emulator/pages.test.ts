import { describe, expect, test } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { publicClient, redirect_uri } from './app.ts'

/** A browser without script: it keeps one cookie and reads one page. */
function open(forge: ReturnType<typeof createForge>) {
  let cookie = ''
  return async (path: string, form?: Record<string, string>) => {
    const init = form ? { method: 'POST', body: new URLSearchParams(form) } : {}
    const response = await forge.fetch(
      new Request(`http://localhost${path}`, { ...init, headers: { cookie } }),
    )
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    const page = await response.text()
    return { response, page, cookie, token: /name="authenticity_token" value="(\w+)"/.exec(page)?.[1] ?? '' }
  }
}

const ada = { 'user[login]': 'ada', 'user[password]': 'ada-lantern' }

describe('the pages', () => {
  const forge = createForge('gitlab')

  test('are never cached, never framed and run no script', async () => {
    const { response } = await open(forge)('/users/sign_in')
    const policy = response.headers.get('content-security-policy')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('script-src')
    expect(policy).not.toContain('unsafe')
  })

  test('say that the forge is emulated', async () => {
    expect((await open(forge)('/users/sign_in')).page).toContain(
      '<strong>GitLab</strong> (emulated by forgepass)',
    )
  })

  test('escape what comes from outside', async () => {
    const users = [{ username: 'x', password: 'p"<', name: '<img src=x onerror=alert(1)>', email: 'x@x' }]
    const clients = [{ ...publicClient, name: '"><script>alert(2)</script>' }]
    const browse = open(createForge('gitlab', { users, clients }))
    const query = new URLSearchParams({
      client_id: 'spa',
      redirect_uri,
      response_type: 'code',
      scope: 'api',
      state: '"><b>',
    })
    await browse(`/oauth/authorize?${query}`)
    const { token, page } = await browse('/users/sign_in')
    expect(page).not.toMatch(/<img src=x|p"</)
    await browse('/users/sign_in', { 'user[login]': 'x', 'user[password]': 'p"<', authenticity_token: token })
    const consent = await browse(`/oauth/authorize?${query}`)
    expect(consent.page).toContain('Authorize &quot;&gt;&lt;script&gt;')
    expect(consent.page).not.toMatch(/<script|<b>|<img src=x/)
  })

  test('redirect by a script that an address cannot break', async () => {
    const clients = [{ ...publicClient, trusted: true as const }]
    const browse = open(createForge('gitlab', { clients }))
    const { token } = await browse('/users/sign_in')
    await browse('/users/sign_in', { ...ada, authenticity_token: token })
    const query = new URLSearchParams({
      client_id: 'spa',
      redirect_uri: `${redirect_uri}?x=</script>`,
      response_type: 'code',
    })
    const { page, response } = await browse(`/oauth/authorize?${query}`)
    expect(page.match(/<\/script>/g)).toHaveLength(1)
    const nonce = /<script nonce="(\w+)">window\.location = "https:/.exec(page)?.[1]
    expect(response.headers.get('content-security-policy')).toContain(`script-src 'nonce-${nonce}'`)
  })
})

describe('the web session', () => {
  test('leads through signing in to the question, and asks again without a new sign-in', async () => {
    const browse = open(createForge('gitlab'))
    const question =
      '/oauth/authorize?client_id=forgepass-demo&redirect_uri=http%3A%2F%2Flocalhost%2Fcb&response_type=code'
    const first = await browse(question)
    expect([first.response.status, first.response.headers.get('location')]).toEqual([
      302,
      'http://localhost/users/sign_in',
    ])
    const { token, page } = await browse('/users/sign_in')
    const return_to = /name="return_to" value="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const signedIn = await browse('/users/sign_in', { ...ada, return_to, authenticity_token: token })
    expect(signedIn.response.headers.get('location')).toBe(`http://localhost${question}`)
    expect((await browse(question)).page).toContain('Authorize forgepass demo to use your account?')
  })

  test('begins anew at sign-in', async () => {
    const browse = open(createForge('gitlab'))
    const before = await browse('/users/sign_in')
    const after = await browse('/users/sign_in', { ...ada, authenticity_token: before.token })
    expect(after.cookie).not.toBe(before.cookie)
  })

  test('refuses a wrong password, and keeps where to go', async () => {
    const browse = open(createForge('gitlab'))
    const { token } = await browse('/users/sign_in')
    const wrong = {
      ...ada,
      'user[password]': 'guess',
      return_to: '/oauth/authorize?x=1',
      authenticity_token: token,
    }
    const { page } = await browse('/users/sign_in', wrong)
    expect(page).toContain('Invalid login or password.')
    expect(page).toContain('value="/oauth/authorize?x=1"')
  })

  test('leads nowhere outside the forge', async () => {
    const browse = open(createForge('gitlab'))
    const { token } = await browse('/users/sign_in')
    const { response } = await browse('/users/sign_in', {
      ...ada,
      return_to: 'https://evil.test/',
      authenticity_token: token,
    })
    expect(response.headers.get('location')).toBe('http://localhost/')
  })

  test.each(['POST', 'DELETE'])('answers 422 to a %s form without its token', async (verb) => {
    const browse = open(createForge('gitlab'))
    const { token } = await browse('/users/sign_in')
    await browse('/users/sign_in', { ...ada, authenticity_token: token })
    const form = {
      client_id: 'forgepass-demo',
      redirect_uri: 'http://localhost/cb',
      response_type: 'code',
      _method: verb,
    }
    for (const authenticity_token of ['', 'guess', token]) {
      const { response } = await browse('/oauth/authorize', { ...form, authenticity_token })
      expect([response.status, response.headers.get('location')]).toEqual([422, null])
    }
  })

  test('ends with signing out', async () => {
    const browse = open(createForge('gitlab'))
    await browse('/users/sign_in', { ...ada, authenticity_token: (await browse('/users/sign_in')).token })
    const home = await browse('/')
    expect(home.page).toContain('Signed in to GitLab')
    await browse('/users/sign_out', { authenticity_token: home.token })
    expect((await browse('/')).response.status).toBe(302)
  })
})
