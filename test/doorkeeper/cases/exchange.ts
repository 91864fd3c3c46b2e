import { bearer, exchange } from '../actor.ts'
import { challenge, redirect_uri, verifier } from '../registered.ts'
import type { Case } from './case.ts'
import { after, fresh } from './exchange-case.ts'

const noPkce = { code_challenge: undefined, code_challenge_method: undefined }

/** The parameters of the exchange, each missing, empty and wrong. */
const parameters: Case[] = ['grant_type', 'code', 'redirect_uri', 'client_id', 'code_verifier'].flatMap(
  (name) => [
    fresh(`no ${name}`, { [name]: undefined }),
    fresh(`empty ${name}`, { [name]: '' }),
    fresh(`wrong ${name}`, { [name]: 'wrong' }),
  ],
)

const doubled: Case[] = ['grant_type', 'redirect_uri', 'client_id', 'code_verifier'].flatMap((name) =>
  ['first', 'last'].map((place) =>
    after(`${name} twice, the right one ${place}`, async ({ winCode }) => {
      const { form, ...plan } = exchange({ code: await winCode() })
      const pairs = Object.entries(form ?? {}) as [string, string][]
      const wrong: [string, string] = [name, 'wrong']
      return { ...plan, form: place === 'first' ? [...pairs, wrong] : [wrong, ...pairs] }
    }),
  ),
)

const pkce: Case[] = [
  fresh(
    'plain',
    { code_verifier: challenge },
    { asked: { code_challenge: challenge, code_challenge_method: 'plain' } },
  ),
  fresh(
    'plain with a wrong verifier',
    {},
    { asked: { code_challenge: challenge, code_challenge_method: 'plain' } },
  ),
  fresh('no challenge and no verifier', { code_verifier: undefined }, { asked: noPkce }),
  fresh('no challenge but a verifier', {}, { asked: noPkce }),
  fresh('the challenge as verifier', { code_verifier: challenge }),
  fresh(
    'a method without a challenge',
    { code_verifier: undefined },
    { asked: { code_challenge: undefined } },
  ),
  fresh('a method without a challenge, and a verifier', {}, { asked: { code_challenge: undefined } }),
  fresh('a verifier with a line after it', { code_verifier: `${verifier}\n` }),
]

const redirects: Case[] = [
  ...[
    `${redirect_uri}/`,
    `${redirect_uri}?x=1`,
    `${redirect_uri}#x`,
    'https://APP.test/callback',
    'not a uri',
    '/callback',
  ].map((uri) => fresh(`redirect_uri ${uri}`, { redirect_uri: uri })),
  fresh(
    'a redirect_uri on another port of loopback',
    { client_id: 'native', redirect_uri: 'http://127.0.0.1:7000/cb' },
    { asked: { client_id: 'native', redirect_uri: 'http://127.0.0.1:6000/cb' } },
  ),
  fresh(
    'a redirect_uri of its own scheme',
    { client_id: 'native', redirect_uri: 'app.test:/cb' },
    { asked: { client_id: 'native', redirect_uri: 'app.test:/cb' } },
  ),
]

const sequences: Case[] = [
  after('a used code', async ({ winCode, send }) => {
    const code = await winCode()
    await send(exchange({ code }))
    return exchange({ code })
  }),
  after('the token of a code that was used again', async ({ winCode, send }) => {
    const code = await winCode()
    const { access_token } = await (await send(exchange({ code }))).json()
    await send(exchange({ code }))
    return { path: '/oauth/token/info', headers: bearer(access_token) }
  }),
  after('a code after a wrong verifier', async ({ winCode, send }) => {
    const code = await winCode()
    await send(exchange({ code, code_verifier: 'wrong' }))
    return exchange({ code })
  }),
  after('a code of 9 minutes', async ({ winCode, later }) => {
    const code = await winCode()
    await later(540)
    return exchange({ code })
  }),
  after('a code of 11 minutes', async ({ winCode, later }) => {
    const code = await winCode()
    await later(660)
    return exchange({ code })
  }),
  after('an unknown code', async () => exchange({ code: 'f'.repeat(64) })),
]

const encodings: Case[] = [
  after('as JSON', async ({ winCode }) => {
    const { form, ...plan } = exchange({ code: await winCode() })
    return { ...plan, json: form }
  }),
  after('as query', async ({ winCode }) => {
    const { form, ...plan } = exchange({ code: await winCode() })
    return { ...plan, method: 'POST', query: form ?? {} }
  }),
  after('a form with a wrong query', async ({ winCode }) => ({
    ...exchange({ code: await winCode() }),
    query: { client_id: 'wrong', grant_type: 'wrong' },
  })),
  after('as text', async ({ winCode }) => ({
    path: '/oauth/token',
    text: `grant_type=authorization_code&code=${await winCode()}`,
    headers: { 'content-type': 'text/plain' },
  })),
  after('JSON with members that are no text', async ({ winCode }) => {
    const { form, ...plan } = exchange({ code: await winCode() })
    return { ...plan, json: { ...form, state: null, extra: ['x'], nested: { a: 1 } } }
  }),
  after('a broken JSON', async () => ({
    path: '/oauth/token',
    text: '{',
    headers: { 'content-type': 'application/json' },
  })),
  after('an empty body', async () => ({ path: '/oauth/token', method: 'POST' })),
  after('a state, which an error repeats', async () => exchange({ grant_type: 'nonsense', state: 'S' })),
  ...['grant_type', 'code', 'redirect_uri', 'client_id'].map((name) =>
    fresh(`a state beside no ${name}`, { [name]: undefined, state: 'S' }),
  ),
  after('a state beside a wrong code', async () => exchange({ code: 'wrong', state: 'S' })),
]

const grants: Case[] = ['urn:example:magic', 'token', 'implicit', 'AUTHORIZATION_CODE', 'toString'].map(
  (grant_type) => after(`grant_type ${grant_type}`, async () => exchange({ grant_type })),
)

export const exchangeCases: readonly Case[] = [
  fresh('G1, a code with its verifier', {}),
  fresh('with openid', {}, { asked: { scope: 'openid' } }),
  fresh('with openid, profile and email', {}, { asked: { scope: 'openid profile email' } }),
  fresh('with two scopes', {}, { asked: { scope: 'read_user read_api' } }),
  fresh('with the default scope', {}, { asked: { scope: undefined } }),
  fresh('with an origin', {}, { headers: { origin: 'https://app.test' } }),
  ...parameters,
  ...doubled,
  ...pkce,
  ...redirects,
  ...sequences,
  ...encodings,
  ...grants,
]
