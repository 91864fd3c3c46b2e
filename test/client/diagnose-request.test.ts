import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { gitea, gitkraken, gitlab } from '../../src/provider/index.ts'
import { json } from './app.ts'
import { base, becomePage, check, fetchAsPage, refusing } from './diagnosis.ts'

/** Keeps what was sent, with its body. */
function record(answer: (body: URLSearchParams) => Response) {
  const sent: { request: Request; body: URLSearchParams }[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const body = new URLSearchParams(await request.clone().text())
    sent.push({ request, body })
    return answer(body)
  }
  return { sent, fetch }
}

const refuse = () => json({ error: 'invalid_grant' }, { status: 400 })

describe('the request of a diagnosis', () => {
  it('is one form POST without a secret, and with nothing that forces a preflight', async () => {
    const { sent, fetch } = record(refuse)
    await check({ fetch })
    const [{ request, body } = { request: new Request(base), body: new URLSearchParams() }, ...more] = sent
    expect(more).toEqual([])
    expect([request.method, request.url]).toEqual(['POST', `${base}/oauth/token`])
    expect([...request.headers.keys()]).toEqual(['accept', 'content-type'])
    expect([request.credentials, request.redirect]).toEqual(['omit', 'error'])
    expect([...body.keys()].sort()).toEqual([
      ...['client_id', 'code', 'code_verifier', 'grant_type', 'redirect_uri'],
    ])
  })

  it('has another code each time, which no answer brings into the checklist', async () => {
    const echo = (body: URLSearchParams) =>
      json({ error: body.get('code'), error_description: `${body}` }, { status: 400 })
    const { sent, fetch } = record(echo)
    const said = JSON.stringify([await check({ fetch }), await check({ fetch, provider: gitea({ base }) })])
    const values = sent.flatMap(({ body }) => [body.get('code') ?? '', body.get('code_verifier') ?? ''])
    expect(new Set(values).size).toBe(4)
    for (const value of values) expect(said).not.toContain(value)
  })

  it('has no verifier and no redirect_uri where a sign-in has none', async () => {
    const { sent, fetch } = record(refuse)
    await check({ fetch, provider: gitkraken({ base }) })
    expect([...(sent[0]?.body.keys() ?? [])].sort()).toEqual(['client_id', 'code', 'grant_type'])
  })
})

describe('in a page', () => {
  it('an answer that may be read is CORS as it should be', async () => {
    becomePage()
    const { marks } = await check({ fetch: fetchAsPage(createForge('gitlab').fetch) })
    expect(marks).toMatchObject({ reachable: true, cors: true, secure_context: true, client_accepted: true })
  })

  it('CORS off is told from silence, and nothing is said of the client', async () => {
    becomePage()
    const provider = gitea({ base })
    const { marks, hints } = await check({ provider, fetch: fetchAsPage(createForge('gitea').fetch) })
    expect(marks).toMatchObject({ reachable: true, cors: false, answer: undefined, client_known: undefined })
    expect(hints.cors).toContain('allow CORS, or use the BFF')
    const open = fetchAsPage(createForge('gitea', { cors: true }).fetch)
    expect((await check({ provider, fetch: open })).marks).toMatchObject({ cors: true, client_known: true })
  })

  it('no secure context is told', async () => {
    becomePage(false)
    expect((await check({ fetch: refusing('invalid_grant') })).marks.secure_context).toBe(false)
  })
})

describe('outside of a page', () => {
  it('a readable answer says nothing about CORS or the page', async () => {
    const { marks, says } = await check({ fetch: refusing('invalid_grant') })
    expect(marks).toMatchObject({ cors: undefined, secure_context: undefined, answer: true })
    expect(says.cors).toMatch(/^CORS can only be seen from a browser; by its preset GitLab lets [^.]*\.$/)
  })

  it('an address that leads elsewhere is no token endpoint', async () => {
    const fetch: typeof globalThis.fetch = async (_, init) => {
      if (init?.mode !== 'no-cors') throw new TypeError('unexpected redirect')
      return new Response()
    }
    expect((await check({ fetch })).marks).toMatchObject({ reachable: true, cors: undefined, answer: false })
  })
})

describe('a forge that does not answer', () => {
  const silent: typeof fetch = async () => {
    throw new TypeError('Failed to fetch')
  }
  it.each([[true], [false]])('is not reachable, in a page (%s) or not', async (isPage) => {
    if (isPage) becomePage()
    const { marks, says } = await check({ fetch: silent })
    expect(marks).toMatchObject({ reachable: false, cors: undefined, answer: undefined, secret: undefined })
    expect(says.reachable).toBe(`Nothing answers at ${base}/oauth/token.`)
  })

  it('is not waited for longer than it may take', async () => {
    const { marks, says } = await check({ timeout: 20, fetch: () => new Promise(() => {}) })
    expect(marks).toMatchObject({ reachable: false, cors: undefined })
    expect(says.reachable).toContain('in time')
  })

  it('is told from one whose answer breaks off', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) })
    const { marks } = await check({ fetch: async () => new Response(body) })
    expect(marks).toMatchObject({ reachable: true, answer: false })
  })

  it('has no address, or one with a password: neither is an exception, nor is the password told', async () => {
    for (const place of ['nowhere', 'https://ada:pass-of-ada@forge.example']) {
      const diagnosis = await check({ provider: gitlab({ base: place }), fetch: globalThis.fetch })
      expect(diagnosis.marks.reachable).toBe(false)
      expect(JSON.stringify(diagnosis)).not.toContain('pass-of-ada')
    }
  })
})
