import { type Actor, asked, exchange } from '../actor.ts'
import { challenge, redirect_uri, secrets } from '../registered.ts'
import type { Changes, Plan } from '../side.ts'
import type { Case } from './case.ts'

const path = '/oauth/authorize'

const ask = (name: string, changes: Changes): Case => ({
  name: `authorize: ${name}`,
  signedIn: true,
  plan: () => ({ path, query: { ...asked, ...changes } }),
})

/** Ada's answer by the page's own form; what that carries is another case. */
const answer = (verb: 'POST' | 'DELETE', name: string, changes: Changes): Case => ({
  name: `${verb === 'POST' ? 'consent' : 'denial'}: ${name}`,
  signedIn: true,
  plan: ({ ada }) => ada.answer(verb, { ...asked, ...changes }),
})

/** What both a question and its answer are refused for, and some that are not. */
const variations: readonly (readonly [string, Changes])[] = [
  ['as usual', {}],
  ['no client_id', { client_id: undefined }],
  ['empty client_id', { client_id: '' }],
  ['unknown client_id', { client_id: 'nobody' }],
  ['no redirect_uri', { redirect_uri: undefined }],
  ['empty redirect_uri', { redirect_uri: '' }],
  ['foreign redirect_uri', { redirect_uri: 'https://else.test/callback' }],
  ['redirect_uri with a slash more', { redirect_uri: `${redirect_uri}/` }],
  ['redirect_uri with a query', { redirect_uri: `${redirect_uri}?x=1&y=%20z` }],
  ['redirect_uri with a fragment', { redirect_uri: `${redirect_uri}#x` }],
  ['redirect_uri with an empty fragment', { redirect_uri: `${redirect_uri}#` }],
  ['redirect_uri in capitals', { redirect_uri: 'https://APP.test/callback' }],
  ['redirect_uri with its port', { redirect_uri: 'https://app.test:443/callback' }],
  ['redirect_uri with dots', { redirect_uri: 'https://app.test/x/../callback' }],
  ['redirect_uri with a person', { redirect_uri: 'https://a@app.test/callback' }],
  ['redirect_uri with letters that are none of a uri', { redirect_uri: `${redirect_uri}é` }],
  ['no uri at all', { redirect_uri: 'nonsense' }],
  ['loopback on another port', { client_id: 'native', redirect_uri: 'http://127.0.0.1:6000/cb' }],
  ['loopback by another address', { client_id: 'native', redirect_uri: 'http://127.0.0.2:5000/cb' }],
  ['loopback by name', { client_id: 'native', redirect_uri: 'http://localhost:5000/cb' }],
  ['a scheme of its own', { client_id: 'native', redirect_uri: 'app.test:/cb' }],
  ['registered query', { client_id: 'query', redirect_uri: 'https://app.test/callback?a=1&b=2' }],
  [
    'registered query in another order',
    { client_id: 'query', redirect_uri: 'https://app.test/callback?b=2&a=1' },
  ],
  [
    'registered query and more',
    { client_id: 'query', redirect_uri: 'https://app.test/callback?a=1&b=2&c=3' },
  ],
  ['registered query left out', { client_id: 'query' }],
  ['no response_type', { response_type: undefined }],
  ['empty response_type', { response_type: '' }],
  ['unknown response_type', { response_type: 'nonsense' }],
  ['response_type token', { response_type: 'token' }],
  ['response_type code token', { response_type: 'code token' }],
  ['response_mode query', { response_mode: 'query' }],
  ['unknown response_mode', { response_mode: 'smoke' }],
  ['empty response_mode', { response_mode: '' }],
  ['no scope', { scope: undefined }],
  ['empty scope', { scope: '' }],
  ['unknown scope', { scope: 'read_minds' }],
  ['one known and one unknown scope', { scope: 'read_user read_minds' }],
  ['one scope twice', { scope: 'read_user read_user' }],
  ['scopes with two spaces', { scope: ' read_user  read_api ' }],
  ['scopes with a comma', { scope: 'read_user,read_api' }],
  ['scopes with a line', { scope: 'read_user\nread_api' }],
  ['a scope that the client may not have', { client_id: 'narrow', scope: 'api' }],
  ['no scope for a client without the default one', { client_id: 'narrow', scope: undefined }],
  ['no state', { state: undefined }],
  ['empty state', { state: '' }],
  ['a state with signs', { state: 'a b&c=d+é"<' }],
  ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
  ['challenge without a method', { code_challenge_method: undefined }],
  ['challenge with an empty method', { code_challenge_method: '' }],
  ['method without a challenge', { code_challenge: undefined }],
  ['method plain', { code_challenge_method: 'plain' }],
  ['unknown method', { code_challenge_method: 'S512' }],
  ['method in small letters', { code_challenge_method: 's256' }],
]

/** The question's form never sends them again. */
const modes = [
  ['response_mode fragment', { response_mode: 'fragment' }],
  ['response_mode form_post', { response_mode: 'form_post' }],
] as const

const doubled: Case[] = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state'].map((name) => ({
  name: `authorize: ${name} twice`,
  signedIn: true,
  plan: () => ({ path, query: [[name, 'wrong'], ...Object.entries(asked)] }),
}))

const returning = { client_id: 'returning', client_secret: secrets.returning }

const again = (name: string, changes: Changes, before: (actor: Actor) => Promise<unknown>): Case => ({
  name: `authorize again: ${name}`,
  signedIn: true,
  plan: async (actor) => {
    await before(actor)
    return { path, query: { ...asked, ...changes } }
  },
})

const winAs =
  (changes: Changes, credentials: Changes = {}) =>
  ({ winTokens }: Actor) =>
    winTokens(changes, credentials)

const secondTimes: Case[] = [
  again('a public client', {}, winAs({})),
  again('a confidential client', { client_id: 'returning' }, winAs({ client_id: 'returning' }, returning)),
  again(
    'a confidential client, scopes in another order',
    { client_id: 'returning', scope: 'read_api read_user' },
    winAs({ client_id: 'returning', scope: 'read_user read_api' }, returning),
  ),
  again(
    'a confidential client with a wider scope',
    { client_id: 'returning', scope: 'api read_user' },
    winAs({ client_id: 'returning' }, returning),
  ),
  again('a confidential client whose token has run out', { client_id: 'returning' }, async (actor) => {
    await winAs({ client_id: 'returning' }, returning)(actor)
    await actor.later(7201)
  }),
  again(
    'a confidential client whose token is revoked',
    { client_id: 'returning', scope: 'profile' },
    async (actor) => {
      const { access_token } = await winAs({ client_id: 'returning', scope: 'profile' }, returning)(actor)
      await actor.send({ path: '/oauth/revoke', form: { token: access_token, ...returning } })
    },
  ),
  again(
    'a confidential client with a code alone',
    { client_id: 'returning', scope: 'email' },
    ({ winCode }) => winCode({ client_id: 'returning', scope: 'email' }),
  ),
  again(
    'a confidential client with a wrong scope',
    { client_id: 'returning', scope: 'read_minds' },
    async () => {},
  ),
]

const trusted: Case[] = [
  ask('a trusted client', { client_id: 'trusted' }),
  ask('a trusted client without a state', { client_id: 'trusted', state: undefined }),
  ask('a trusted client with response_mode fragment', { client_id: 'trusted', response_mode: 'fragment' }),
  ask('a trusted client with response_mode form_post', { client_id: 'trusted', response_mode: 'form_post' }),
  ask('a trusted client with a wrong scope', { client_id: 'trusted', scope: 'read_minds' }),
]

const strangers: Case[] = [
  { name: 'authorize: nobody is signed in', plan: () => ({ path, query: asked }) },
  {
    name: 'authorize: nobody is signed in, wrong client',
    plan: () => ({ path, query: { ...asked, client_id: 'x' } }),
  },
  ...(['POST', 'DELETE'] as const).map((verb) => ({
    name: `answer without its token: ${verb}`,
    signedIn: true as const,
    plan: (): Plan => ({ path, form: { ...asked, _method: verb, authenticity_token: 'guess' } }),
  })),
]

/** A code that was consented to with changes can be exchanged. */
const consented: Case[] = [
  ['a code for a default scope', { scope: undefined }],
  ['a code for one scope twice', { scope: 'read_user read_user' }],
  ['a code for scopes with two spaces', { scope: ' read_user  read_api ' }],
].map(([name, changes]) => ({
  name: `exchange: ${name}`,
  plan: async ({ winCode }: Actor) => exchange({ code: await winCode(changes as Changes) }),
}))

export const authorizationCases: readonly Case[] = [
  ...[...variations, ...modes].map(([name, changes]) => ask(name, changes)),
  ...variations.map(([name, changes]) => answer('POST', name, changes)),
  ...variations.map(([name, changes]) => answer('DELETE', name, changes)),
  ask('a nonce', { scope: 'openid', nonce: challenge }),
  ...doubled,
  ...secondTimes,
  ...trusted,
  ...strangers,
  ...consented,
]
