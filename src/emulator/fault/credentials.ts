import { decodeBase64 } from '../base64.ts'
import type { Incoming } from '../message.ts'
import { type Around, isRefresh } from './fault.ts'

/** Lets every code run out before it is exchanged. */
export const expireCode: Around = async (incoming, next, { place, store }) => {
  if (place === 'token' && incoming.params.has('code')) store.expireCodes()
  return next(incoming)
}

/** Revokes everything before a token is used, or refreshed. */
export const revokeToken: Around = async (incoming, next, scene) => {
  if (scene.place === 'api' || isRefresh(incoming, scene)) scene.revokeAll()
  return next(incoming)
}

/** Lets somebody else use the refresh token first. */
export const replayRefresh: Around = async (incoming, next, scene) => {
  if (isRefresh(incoming, scene)) await next(incoming)
  return next(incoming)
}

/** Tells whether a refresh went wrong; GitHub says so with a 200. */
async function isRefused(response: Response): Promise<boolean> {
  return !response.ok || /^error=|"error"/.test(await response.clone().text())
}

/** Revokes all tokens of a sign-in when a used refresh token comes again (RFC 9700 section 4.14.2). */
export const detectReuse: Around = async (incoming, next, scene) => {
  if (!isRefresh(incoming, scene)) return next(incoming)
  const { spent, store } = scene
  const refresh_token = incoming.params.get('refresh_token') ?? ''
  const reused = spent.has(refresh_token)
  // Before the work, so that of two uses at the same time the second counts as one.
  spent.add(refresh_token)
  if (reused) store.revokeFamily(refresh_token)
  const response = await next(incoming)
  if (reused) store.revokeFamily(refresh_token)
  else if (await isRefused(response)) spent.delete(refresh_token)
  return response
}

/** Spoils the password in a Basic header (RFC 7617). */
function spoilHeader(headers: Headers): Headers {
  const [, encoded] = /^Basic +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
  const pair = decodeBase64(encoded ?? '')
  const spoilt = new Headers(headers)
  if (pair) spoilt.set('authorization', `Basic ${btoa(`${pair}-of-yesterday`)}`)
  return spoilt
}

function spoilParams(params: URLSearchParams): URLSearchParams {
  const spoilt = new URLSearchParams(params)
  const secret = spoilt.get('client_secret')
  if (secret) spoilt.set('client_secret', `${secret}-of-yesterday`)
  return spoilt
}

const spoil = (incoming: Incoming): Incoming => ({
  ...incoming,
  headers: spoilHeader(incoming.headers),
  params: spoilParams(incoming.params),
  body: spoilParams(incoming.body),
})

/** Makes every client secret the one of yesterday, before it was reset. */
export const resetSecret: Around = async (incoming, next, { place }) =>
  next(place === 'api' ? incoming : spoil(incoming))
