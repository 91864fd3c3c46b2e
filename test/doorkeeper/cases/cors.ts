import type { Case } from './case.ts'

const origin = 'https://app.test'

const preflight = (path: string, method: string, headers?: string): Case => ({
  name: `preflight: ${method} ${path}${headers === undefined ? '' : ` with ${headers}`}`,
  plan: () => ({
    path,
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers !== undefined && { 'access-control-request-headers': headers }),
    },
  }),
})

const shared = (method: string, path: string): Case => ({
  name: `from another origin: ${method} ${path}`,
  plan: () => ({ path, method, headers: { origin } }),
})

const paths = [
  '/oauth/token',
  '/oauth/revoke',
  '/oauth/token/info',
  '/oauth/userinfo',
  '/api/v4/user',
  '/api/v4/nowhere',
]
const requests = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD']
const named = [
  'authorization',
  'Authorization,Content-Type',
  'authorization, content-type, accept',
  'x-csrf-token, x-requested-with',
  'authorization, x-mine',
  '',
]

export const corsCases: readonly Case[] = [
  ...paths.flatMap((path) => requests.map((method) => preflight(path, method))),
  ...paths.flatMap((path) =>
    named.map((headers) =>
      preflight(path, path === '/oauth/token' || path === '/oauth/revoke' ? 'POST' : 'GET', headers),
    ),
  ),
  preflight('/oauth/authorize', 'GET'),
  preflight('/oauth/introspect', 'POST', 'authorization'),
  ...paths.flatMap((path) => ['GET', 'POST'].map((method) => shared(method, path))),
  shared('GET', '/oauth/authorize'),
  { name: 'OPTIONS without a preflight', plan: () => ({ path: '/oauth/token', method: 'OPTIONS' }) },
]
