import { basic, bearer, server } from '../actor.ts'
import { secrets } from '../registered.ts'
import type { Case } from './case.ts'
import { fresh } from './exchange-case.ts'

const confidential = { asked: { client_id: 'server' } }
const nobody = { client_id: undefined }

export const clientCases: readonly Case[] = [
  fresh('a public client with a secret', { client_secret: 'anything' }),
  fresh('a public client with an empty secret', { client_secret: '' }),
  fresh('a public client by Basic', nobody, { headers: basic('spa', '') }),
  fresh('a confidential client with its secret in the body', server, confidential),
  fresh('a confidential client without its secret', { client_id: 'server' }, confidential),
  fresh('a confidential client with an empty secret', { ...server, client_secret: '' }, confidential),
  fresh('a confidential client with a wrong secret', { ...server, client_secret: 'wrong' }, confidential),
  fresh('a confidential client by Basic', nobody, {
    ...confidential,
    headers: basic('server', secrets.server),
  }),
  fresh('a confidential client by Basic, form-encoded', nobody, {
    ...confidential,
    headers: basic('server', encodeURIComponent(secrets.server)),
  }),
  fresh('a wrong secret by Basic', nobody, { ...confidential, headers: basic('server', 'wrong') }),
  fresh(
    'Basic right and body wrong',
    { ...server, client_secret: 'wrong' },
    {
      ...confidential,
      headers: basic('server', secrets.server),
    },
  ),
  fresh('Basic wrong and body right', server, { ...confidential, headers: basic('server', 'wrong') }),
  fresh('Basic without a name and body right', server, { ...confidential, headers: basic('', 'x') }),
  fresh('Basic without a colon and body right', server, {
    ...confidential,
    headers: { authorization: `Basic ${btoa('server')}` },
  }),
  fresh('Basic that is no base64 and body right', server, {
    ...confidential,
    headers: { authorization: 'Basic %%%' },
  }),
  fresh('Basic in small letters', nobody, {
    ...confidential,
    headers: { authorization: `basic ${btoa(`server:${secrets.server}`)}` },
  }),
  fresh('a Bearer header beside the body', {}, { headers: bearer('x') }),
  fresh('the code of another public client', { client_id: 'other' }),
  fresh('the code of a public client by a confidential one', server),
]
