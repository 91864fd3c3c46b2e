// The numbers are those of list.ts: the project's own list of how the forges differ from the specifications.
import { describe, expect, it } from 'vitest'
import { createForge } from '../../src/emulator/index.ts'
import { type ClientOptions, type Flow, implicit } from '../../src/index.ts'
import { gitlab } from '../../src/provider/index.ts'
import { failure } from '../client/app.ts'
import { silently } from '../client/implicit-app.ts'
import { arrive, openPage } from './page.ts'

/** A page with a client at a GitLab of old, of which the person leaves. */
async function leave(grant?: ClientOptions['grant']) {
  let go: (url: URL) => void = () => {}
  const gone = new Promise<URL>((resolve) => {
    go = resolve
  })
  const flow: Flow = async (url) => {
    go(await url)
    return new Promise(() => {})
  }
  const page = openPage({
    make: ({ clients, now }) => {
      const more = [...clients, { ...clients[0], client_id: 'other' } as (typeof clients)[number]]
      // No GitLab of old lets pages ask whose a token is; a proxy in front of it may.
      return createForge('gitlab', { profile: 'documented', cors: true, clients: more, now })
    },
    provider: (base) => gitlab({ base, profile: grant ? 'documented' : 'current' }),
    flow,
    ...(grant && { grant }),
    scope: 'api',
  })
  void page.client.login()
  return { ...page, asked: await gone }
}

const grant = silently(() => implicit()).result as unknown as NonNullable<ClientOptions['grant']>

describe('a token that comes back in the address', () => {
  it('Q31: is taken from the fragment, and gone from the address before anything waits', async () => {
    const { client, forge, asked, redirect_uri } = await leave(grant)
    expect(asked.searchParams.get('response_type')).toBe('token')
    expect(asked.searchParams.has('code_challenge')).toBe(false)
    const back = await forge.visit(asked)
    expect(back.hash).toMatch(/^#access_token=\w{64}&/)
    const location = arrive(back)
    const done = client.callback()
    expect(location.href).toBe(redirect_uri)
    expect(await done).toMatchObject({ session: { account: { username: 'ada' } } })
    expect(forge.requests.map(({ path }) => path)).toContain('/oauth/token/info')
    expect((await client.fetch('user')).status).toBe(200)
  })

  it('Q31: is refused if it was issued to another application', async () => {
    const { client, forge, asked } = await leave(grant)
    asked.searchParams.set('client_id', 'other')
    const error = await failure(client.callback(await forge.visit(asked)))
    expect(error).toMatchObject({ code: 'audience_mismatch' })
    expect(await client.session()).toBeNull()
  })

  it('Q31: is refused, and scrubbed too, where a code was asked for', async () => {
    const { client, forge, asked, redirect_uri } = await leave()
    asked.searchParams.set('response_type', 'token')
    const location = arrive(await forge.visit(asked))
    const done = failure(client.callback() as Promise<unknown>)
    expect(location.href).toBe(redirect_uri)
    expect(await done).toMatchObject({ code: 'response_type_mismatch' })
    expect(await client.session()).toBeNull()
  })
})
