import { createBff } from '../../src/bff/index.ts'
import { createForge } from '../../src/emulator/index.ts'
import { type PasteOptions, type PasteQuestion, paste } from '../../src/index.ts'
import { gitshare } from '../../src/provider/index.ts'
import { createBrowser } from '../bff/browser.ts'

const client = { client_id: 'share', client_secret: 'canary-client-secret', name: 'App', redirect_uris: [] }

/** A BFF in front of an emulated GitShare whose application has no callback, and the page of that application. */
export function startShare(origin: string) {
  const clock = { now: Date.UTC(2026, 9, 1) }
  const now = () => clock.now
  const forge = createForge('gitshare', { clients: [client], now })
  const { client_id, client_secret } = client
  const bff = createBff({
    publicOrigin: origin,
    cookieSecret: 'canary-cookie-secret-of-32-letters-1',
    providers: { share: { provider: gitshare(), client_id, client_secret } },
    fetch: async (input, init) => forge.fetch(new Request(input, init)),
    now,
  })
  const browser = createBrowser({ bff, clock, origin })
  const sent: { path: string; init: RequestInit }[] = []
  /** The page's own fetch, through the cookie jar. */
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const request = new Request(input, init)
    const { pathname, search } = new URL(request.url)
    sent.push({ path: pathname, init })
    const { method } = request
    const body = method === 'POST' ? { body: await request.text() } : {}
    const headers = { 'content-type': request.headers.get('content-type') ?? '' }
    return browser.send(pathname + search, { method, headers, ...body })
  }
  /** Opens the address in another tab and copies the code that the forge shows in the end. */
  const copy = async ({ url }: PasteQuestion) => {
    const login = await browser.visit(url.pathname + url.search)
    const shown = await forge.visit(login.headers.get('location') ?? '')
    return shown.searchParams.get('code') ?? ''
  }
  const asked: PasteQuestion[] = []
  /** A flow of a person who answers the question in turn, in one way after another. */
  const flowOf = (...answers: PasteOptions['ask'][]) =>
    paste({
      ask: async (question) => {
        asked.push(question)
        return answers[asked.length - 1]?.(question)
      },
      fetch,
    })
  return { forge, bff, browser, clock, sent, fetch, copy, asked, flowOf }
}
