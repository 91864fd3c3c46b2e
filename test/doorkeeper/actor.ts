import { type Person, signIn } from './person.ts'
import { challenge, redirect_uri, secrets, verifier } from './registered.ts'
import type { Changes, Plan, Side } from './side.ts'

/** The tokens of one sign-in. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

/** The usual authorization request of the public client. */
export const asked = {
  client_id: 'spa',
  redirect_uri,
  response_type: 'code',
  scope: 'read_user',
  state: 'S',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** The exchange of a code that fits {@link asked}. */
export const exchange = (changes: Changes): Plan => ({
  path: '/oauth/token',
  form: {
    client_id: 'spa',
    grant_type: 'authorization_code',
    redirect_uri,
    code_verifier: verifier,
    ...changes,
  },
})

/** The refresh of the public client. */
export const refresh = (changes: Changes): Plan => ({
  path: '/oauth/token',
  form: { client_id: 'spa', grant_type: 'refresh_token', ...changes },
})

/** The credentials of the confidential client, as parameters. */
export const server = { client_id: 'server', client_secret: secrets.server }

/** A header of Basic authentication, unencoded as the forges want it. */
export const basic = (client_id: string, client_secret: string) => ({
  authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}`,
})

export const bearer = (access_token: string) => ({ authorization: `Bearer ${access_token}` })

/** What the cases do on a server before the request that is compared. */
export interface Actor {
  readonly ada: Person
  send: Side['send']
  later: Side['later']
  winCode(changes?: Changes): Promise<string>
  winTokens(changes?: Changes, credentials?: Changes): Promise<Tokens>
}

/** Signs Ada in and gives her hands to the cases. */
export async function createActor(side: Side): Promise<Actor> {
  const ada = await signIn(side)
  const winCode = async (changes: Changes = {}) => {
    // Her answer is sent without the question, which confidential clients are not always asked.
    const response = await ada.send(ada.answer('POST', { ...asked, ...changes }))
    const code = new URL(response.headers.get('location') ?? side.base).searchParams.get('code')
    if (!code) throw new Error(`No code but ${response.status}`)
    return code
  }
  return {
    ada,
    send: side.send,
    later: side.later,
    winCode,
    async winTokens(changes = {}, credentials = {}) {
      const code = await winCode(changes)
      const { client_id } = { ...asked, ...changes }
      const response = await side.send(exchange({ code, client_id, ...credentials }))
      if (!response.ok) throw new Error(`No token but ${response.status}`)
      return response.json()
    },
  }
}
