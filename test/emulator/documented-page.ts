import type { Forge } from '../../src/emulator/index.ts'

/** Where the application of every page waits. */
export const REDIRECT_URI = 'http://myapp.com/oauth/redirect'
const application = {
  client_id: 'APP_ID',
  client_secret: 'APP_SECRET',
  name: 'App',
  redirect_uris: [REDIRECT_URI] as const,
}

/** The application of every page. */
export const clients = [application]

/** Who signs in there. */
export const users = [{ username: 'user', password: 'secret', name: 'User', email: 'user@example.com' }]

/** The content types of a token request. */
export const json = { 'content-type': 'application/json' }
export const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** Sends what a page shows. */
export const ask = (forge: Forge, url: string, init: RequestInit = {}) => forge.fetch(new Request(url, init))

/** Posts what a page shows. */
export const post = (forge: Forge, url: string, init: RequestInit) =>
  ask(forge, url, { method: 'POST', ...init })

/** Agrees, and gives the code that comes of it. */
export const codeOf = async (forge: Forge, url: string) =>
  (await forge.visit(url)).searchParams.get('code') ?? ''
