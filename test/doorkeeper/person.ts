import { users } from './registered.ts'
import type { Changes, Plan, Side } from './side.ts'

const tokenOf = (page: string): string =>
  /name="authenticity_token"(?: id="[^"]*")? value="([^"]+)"/.exec(page)?.[1] ?? ''

/** A browser of somebody who uses a server: it keeps the cookie and the token of its forms. */
export interface Person {
  send(plan: Plan): Promise<Response>
  /** Builds the consent page's form: POST authorizes and DELETE denies. */
  answer(verb: 'POST' | 'DELETE', fields: Changes): Plan
}

/** Signs somebody in to one of the servers, by the form that both have. */
export async function signIn(side: Side, username = 'ada'): Promise<Person> {
  let cookie = ''
  const send = async (plan: Plan) => {
    const response = await side.send({ ...plan, headers: { ...plan.headers, cookie } })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return response
  }
  const password = users.find((user) => user.username === username)?.password
  const fields = { 'user[login]': username, 'user[password]': password }
  const readToken = async () => tokenOf(await (await send({ path: '/users/sign_in' })).text())
  const form = { ...fields, authenticity_token: await readToken() }
  const { status } = await send({ path: '/users/sign_in', form })
  if (status !== 302) throw new Error(`Nobody is signed in: ${status}`)
  const authenticity_token = await readToken()
  return {
    send,
    answer: (verb, asked) => ({
      path: '/oauth/authorize',
      form: { ...asked, _method: verb, authenticity_token },
    }),
  }
}
