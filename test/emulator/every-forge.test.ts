import { describe, expect, test } from 'vitest'
import { everyForge, redirect_uri } from './every-forge.ts'

describe.each(everyForge)('%s, mounted under a path', (label, start) => {
  test('is visited by someone who agrees, and sends them back with a code and the state', async () => {
    const { forge, authorizeUrl } = start()
    const url = await forge.visit(authorizeUrl())
    expect(url.origin + url.pathname).toBe(redirect_uri)
    expect(url.searchParams.get('code')).toMatch(/^\w{20,}$/)
    expect(url.searchParams.get('state')).toBe('S')
  })

  test('is visited by someone who does not, and lets the application know as it does', async () => {
    const { forge, authorizeUrl } = start()
    const url = await forge.visit(authorizeUrl(), { decision: 'deny' })
    expect(url.origin + url.pathname).toBe(redirect_uri)
    const told = [url.searchParams.get('error'), url.searchParams.get('state')]
    expect(told).toEqual(label === 'documented Gitea' ? [null, null] : ['access_denied', 'S'])
  })

  test('gives a token for the code, once', async () => {
    const { winCode, exchange } = start()
    const code = await winCode()
    const [first, second] = [await exchange(code), await exchange(code)]
    expect(first.status).toBe(200)
    expect(await first.json()).toHaveProperty('access_token')
    expect(await second.json()).toHaveProperty('error')
  })

  test('says whose the token is', async () => {
    const { winToken, readUser } = start()
    const response = await readUser((await winToken()).access_token ?? '')
    expect(response.status).toBe(200)
    expect(JSON.stringify(await response.json())).toContain('"ada"')
  })

  test('puts nobody in another’s place: of two exchanges at the same time one wins', async () => {
    const { winCode, exchange } = start()
    const code = await winCode()
    const bodies = await Promise.all(
      (await Promise.all([exchange(code), exchange(code)])).map((r) => r.json()),
    )
    expect(bodies.filter((body) => 'access_token' in body)).toHaveLength(1)
  })

  test('shares its token endpoint only if it is known to', async () => {
    const { exchange, winCode } = start()
    const { headers } = await exchange(await winCode())
    const open = ['GitLab', 'documented GitLab', 'Gitea', 'Forgejo'].includes(label)
    expect(headers.has('access-control-allow-origin')).toBe(open)
  })

  test('keeps its cookie to its own path', async () => {
    const { send, forge } = start()
    const signInPath = new URL((await send('/')).headers.get('location') ?? '').pathname
    const { headers } = await send(signInPath.slice(forge.basePath.length))
    expect(headers.get('set-cookie')).toContain('; Path=/deep/forge; HttpOnly; SameSite=Lax; Secure')
  })
})
