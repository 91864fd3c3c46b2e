import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { createClient, type PasteQuestion, paste } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { createLock, failure, findPlace, until } from './app.ts'

/** A browser client of an emulated GitLab, and a person who answers with what `answer` makes of the way back. */
function startClient(answer: (back: URL, question: PasteQuestion) => string | Promise<string>) {
  const { base, redirect_uri } = findPlace()
  const app = { client_id: 'APP', redirect_uris: [redirect_uri], name: 'App' }
  const forge = createForge('gitlab', { clients: [app] })
  const transactions = new Map<string, unknown>()
  const ask = async (question: PasteQuestion) => answer(await forge.visit(question.url), question)
  const client = createClient({
    ...{ provider: gitlab({ base }), client_id: 'APP', redirect_uri, scope: 'read_user' },
    fetch: async (input, init) => forge.fetch(new Request(input, init)),
    flow: paste({ ask }),
    ...{ transactions, lock: createLock() },
  })
  const exchanges = () => forge.requests.filter(({ path }) => path === '/oauth/token')
  return { client, forge, transactions, exchanges, redirect_uri }
}

describe('what is pasted into a browser client', () => {
  it('signs in if it is the address that the person came back on, bound by PKCE', async () => {
    const app = startClient((back) => `\n ${back.href} `)
    expect(await app.client.login()).toMatchObject({ scope: 'read_user' })
    await until(() => expect(app.client.snapshot?.account?.username).toBe('ada'))
    expect(app.exchanges()).toHaveLength(1)
  })

  it('security 66: signs in if it is the bare code', async () => {
    const app = startClient((back) => back.searchParams.get('code') ?? '')
    expect(await app.client.login()).toMatchObject({ scope: 'read_user' })
  })

  it.each(['ab1:cd2', 'ab1:/cd2', 'x:', 'a:b@c:1?d#e'])('is a code also with a colon: %s', async (code) => {
    const app = startClient(() => code)
    expect(await failure(app.client.login())).toMatchObject({ error: 'invalid_grant' })
    expect(app.exchanges()).toHaveLength(1)
  })

  it("security 66: is no good if it is the code of another sign-in, which PKCE binds to the attacker's", async () => {
    const codes: string[] = []
    const app = startClient((back) => codes[codes.push(back.searchParams.get('code') ?? '') - 2] ?? '')
    expect(await failure(app.client.login())).toMatchObject({ code: 'user_cancelled' })
    expect(await failure(app.client.login())).toMatchObject({
      code: 'token_endpoint_error',
      error: 'invalid_grant',
    })
    expect(await app.client.session()).toBeNull()
  })

  it.each<[string, (back: URL) => string, string]>([
    ['javascript:', (back) => `javascript:alert(1)//${back.search}`, 'redirect_uri_mismatch'],
    ['data:', (back) => `DATA:text/html,${back.search}`, 'redirect_uri_mismatch'],
    ['blob:', (back) => `blob:${back}`, 'redirect_uri_mismatch'],
    ['no slashes', () => 'https:evil.example?code=a', 'redirect_uri_mismatch'],
    [
      'a foreign origin',
      (back) => `https://evil.example${back.pathname}${back.search}`,
      'redirect_uri_mismatch',
    ],
    ['another scheme', (back) => back.href.replace('https:', 'http:'), 'redirect_uri_mismatch'],
    ['another page', (back) => back.href.replace('?', '/more?'), 'redirect_uri_mismatch'],
    ['another path', (back) => `${back.origin}/${back.search}`, 'redirect_uri_mismatch'],
    ['no response', (back) => back.origin + back.pathname, 'malformed_response'],
    ['two lines', (back) => back.href.replace('?', '\n?'), 'malformed_response'],
    ['8 KiB and more', (back) => `${back.href}&x=${'x'.repeat(8192)}`, 'malformed_response'],
    ['another state', (back) => back.href.replace('state=', 'state=x'), 'state_mismatch'],
    ['no state', (back) => back.href.replace(/&?state=[^&]*/, ''), 'state_mismatch'],
    ['a foreign issuer', (back) => `${back.href}&iss=https://evil.example`, 'issuer_mismatch'],
    ['two codes', (back) => `${back.href}&code=b`, 'duplicate_parameter'],
    ['a denial', (back) => back.href.replace('code=', 'error='), 'authorization_error'],
  ])('security 67: is refused, and ends the sign-in, if it has %s', async (_, change, code) => {
    const app = startClient(change)
    const error = await failure(app.client.login())
    expect(error).toMatchObject({ code })
    expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/evil|alert|x{9}/)
    expect(app.exchanges()).toEqual([])
    expect([...app.transactions.keys()].filter((key) => key.startsWith('forgepass.tx.'))).toEqual([])
  })

  it('may be asked for only while the sign-in lasts', async () => {
    const sign = new AbortController()
    const app = startClient((back) => {
      sign.abort()
      return back.href
    })
    expect(await failure(app.client.login({ signal: sign.signal }))).toMatchObject({ code: 'user_cancelled' })
    expect([...app.transactions.keys()]).toEqual([])
  })
})
