import {
  type AuthorizationServer,
  processAuthorizationCodeResponse,
  processUserInfoResponse,
} from 'oauth4webapi'
import type { Backend } from './backend.ts'

const server: AuthorizationServer = { issuer: 'https://forge.example' }
const client = { client_id: 'spa' }

/** What a client that follows the specifications to the letter makes of a token response: nothing, or the reason why not. */
export const judgeTokenResponse = (response: Response): Promise<unknown> =>
  processAuthorizationCodeResponse(server, client, response).then(
    () => undefined,
    (error: unknown) => error,
  )

/** The same of an answer that tells who signed in. */
export const judgeUserinfo = (response: Response): Promise<unknown> =>
  processUserInfoResponse(server, client, '7', response).then(
    () => undefined,
    (error: unknown) => error,
  )

/** The same of the last answer that a forge gave to a BFF. */
export function judgeLast({ answers }: Pick<Backend, 'answers'>): Promise<unknown> {
  const { status = 0, body = '' } = answers.at(-1) ?? {}
  return judgeTokenResponse(new Response(body, { status, headers: { 'content-type': 'application/json' } }))
}
