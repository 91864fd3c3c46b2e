import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createForge, type Forge } from '../../src/emulator/index.ts'
import { toNodeListener } from '../../src/node/index.ts'
import { confidentialClient, publicClient, redirect_uri, startApp, verifier } from './app.ts'
import { errorOf, start } from './every-forge.ts'

const servers = new Set<Server>()

afterEach(() => {
  for (const server of servers) server.close()
  servers.clear()
})

async function serve(forge: Forge): Promise<string> {
  const server = createServer(toNodeListener(forge.fetch))
  servers.add(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const password = { grant_type: 'password', username: 'ada', password: 'ada-lantern' }

describe('faults over HTTP', () => {
  test('lost-reply: the connection drops after the work was done', async () => {
    const forge = createForge('gitlab', { profile: 'documented', fault: 'lost-reply' })
    const url = `${await serve(forge)}/oauth/token`
    const body = new URLSearchParams(password)
    await expect(fetch(url, { method: 'POST', body })).rejects.toThrow('fetch failed')
    expect(forge.requests).toMatchObject([{ path: '/oauth/token', status: 0 }])
    forge.fault(undefined)
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200)
  })

  test('clock-skew: the time of the forge is the time of the answer', async () => {
    const forge = createForge('github', { fault: 'clock-skew:-3600' })
    const before = Date.now()
    const told = Date.parse((await fetch(`${await serve(forge)}/login`)).headers.get('date') ?? '')
    expect(Math.abs(told + 3_600_000 - before)).toBeLessThan(60_000)
  })

  test('slow: who goes away in the meantime is not waited for', async () => {
    const forge = createForge('github', { fault: 'slow:600000' })
    const signal = AbortSignal.timeout(50)
    await expect(fetch(`${await serve(forge)}/login`, { signal })).rejects.toThrow('timeout')
    forge.fault(undefined)
  })
})

describe('slow', () => {
  test('takes the milliseconds it is given', async () => {
    const { forge, send } = start('GitShare', { fault: 'slow:60' })
    const before = performance.now()
    expect((await send('/login/')).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(50)
    expect(forge.requests).toHaveLength(1)
  })

  test('ends with the wish for an answer, before the work is done', async () => {
    const { winCode, exchange, forge } = start('GitCode')
    const code = await winCode()
    forge.fault('slow:600000')
    const abort = new AbortController()
    const waiting = exchange(code, { signal: abort.signal })
    abort.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    await expect(exchange(code, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    forge.fault(undefined)
    expect((await exchange(code)).status).toBe(200)
  })
})

describe('wrong-iss', () => {
  const fault = 'wrong-iss' as const

  test('is in the answer of a page that moves on by script too', async () => {
    const clients = [{ ...publicClient, trusted: true as const }]
    const { forge, authorizeUrl } = startApp({ clients, fault })
    const url = await forge.visit(authorizeUrl())
    expect(url.searchParams.get('iss')).toBe('https://wrong-issuer.example')
    expect(forge.requests.at(-1)).toMatchObject({ method: 'GET', status: 200 })
  })

  test('is in a fragment where the answer is', async () => {
    const { forge, authorizeUrl } = startApp({ profile: 'documented', fault })
    const { hash, search } = await forge.visit(authorizeUrl({ response_type: 'token' }))
    expect(new URLSearchParams(hash.slice(1)).get('iss')).toBe('https://wrong-issuer.example')
    expect(search).toBe('')
  })
})

describe('deny', () => {
  test('leaves the page of a wrong request as it is', async () => {
    const { forge, authorizeUrl } = startApp({ fault: 'deny' })
    await expect(forge.visit(authorizeUrl({ client_id: 'nope' }))).rejects.toThrow('unknown client')
  })

  test('asks nobody about who was let in before', async () => {
    const { forge, winCode, exchange, authorizeUrl } = startApp()
    const { client_id, client_secret = '' } = confidentialClient
    await exchange({ code: await winCode({ client_id }), client_id, client_secret })
    forge.fault('deny')
    expect((await forge.visit(authorizeUrl({ client_id }))).searchParams.get('error')).toBe('access_denied')
  })
})

test('reset-secret: a Basic header is wrong as well, and a public client does not mind', async () => {
  const { forge, winCode, post, exchange } = startApp({ fault: 'reset-secret' })
  const { client_id, client_secret } = confidentialClient
  const authorization = `Basic ${btoa(`${client_id}:${client_secret}`)}`
  const code = await winCode({ client_id })
  const form = { grant_type: 'authorization_code', redirect_uri, code, code_verifier: verifier }
  const spoilt = await post('/oauth/token', form, { authorization })
  expect((await spoilt.json()).error).toBe('invalid_client')
  expect((await exchange({ code: await winCode() })).status).toBe(200)
  forge.fault(undefined)
  expect((await post('/oauth/token', form, { authorization })).status).toBe(200)
})

test('coop: as an option it stays, whatever faults come and go', async () => {
  const forge = createForge('gitlab', { coop: 'same-origin', fault: 'slow:0' })
  forge.fault(undefined)
  const { headers } = await forge.fetch(new Request('http://localhost/users/sign_in'))
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
})

test('two simultaneous uses of one refresh token end all, if reuse is detected', async () => {
  const { winToken, refresh, readUser } = start('GitLab', { fault: 'reuse-detection' })
  const { refresh_token = '' } = await winToken()
  const answers = await Promise.all([refresh(refresh_token), refresh(refresh_token)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  const [won = new Response('{}')] = answers.filter(({ status }) => status === 200)
  expect((await readUser((await won.json()).access_token)).status).toBe(401)
})

test.each(['GitLab', 'GitHub'])('a refresh that %s refused is no use of the token', async (label) => {
  const { forge, winToken, refresh } = start(label)
  const { refresh_token = '' } = await winToken()
  forge.fault(['reset-secret', 'reuse-detection'])
  expect(await errorOf(await refresh(refresh_token))).toBeDefined()
  forge.fault('reuse-detection')
  expect(await errorOf(await refresh(refresh_token))).toBeUndefined()
})
