import { describe, expect, it } from 'vitest'
import { failure, json, startSignedIn } from './app.ts'

describe('client.fetch that is refused', () => {
  it('security 99: renews the token once on 401, and repeats once', async () => {
    const { client, answers, tokens, exchanges, sent } = await startSignedIn()
    answers.rest = ({ headers }) =>
      json({}, { status: headers.get('authorization') === 'Bearer AT-1' ? 401 : 201 })
    const response = await client.fetch('projects', { method: 'POST', body: 'a=1' })
    expect(response.status).toBe(201)
    expect(tokens()).toEqual(['Bearer AT-1', null, 'Bearer AT-2'])
    expect(sent.at(-1)?.body.get('a')).toBe('1')
    expect(exchanges()).toHaveLength(1)
    expect((await client.fetch('projects')).status).toBe(201)
    expect(exchanges()).toHaveLength(1)
  })

  it('security 99: asks for a sign-in after two calls that were both answered 401', async () => {
    const { client, answers, tokens, exchanges } = await startSignedIn()
    answers.rest = () => json({}, { status: 401 })
    expect(await failure(client.fetch('projects'))).toMatchObject({ code: 'login_required', status: 401 })
    expect(tokens().filter(Boolean)).toEqual(['Bearer AT-1', 'Bearer AT-2'])
    expect(exchanges()).toHaveLength(1)
  })

  it('security 99: renews nothing on 403 or on anything else', async () => {
    const { client, answers, exchanges, sent } = await startSignedIn()
    for (const status of [400, 403, 404, 429, 500]) {
      answers.rest = () => json({ error: 'forbidden', insufficient_scope: 'error' }, { status })
      const response = await client.fetch('projects')
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ error: 'forbidden' })
    }
    expect(sent).toHaveLength(5)
    expect(exchanges()).toEqual([])
  })

  it.each<[string, () => Response]>([
    ['its body', () => json({ error: 'insufficient_scope', scope: 'api' }, { status: 403 })],
    [
      'a header',
      () =>
        new Response('<p>', {
          status: 403,
          headers: { 'www-authenticate': 'Bearer realm="x", error="insufficient_scope", scope="api"' },
        }),
    ],
  ])(
    'security 99: rejects with scope_required where %s says that the scope is too small',
    async (_, answer) => {
      const { client, answers, exchanges, sent } = await startSignedIn()
      answers.rest = answer
      expect(await failure(client.fetch('projects'))).toMatchObject({ code: 'scope_required', status: 403 })
      expect(sent).toHaveLength(1)
      expect(exchanges()).toEqual([])
      expect(await client.session()).toBeTruthy()
    },
  )

  it('security 99: leaves a refusal in other words to the app, as it came', async () => {
    const { client, answers } = await startSignedIn()
    for (const body of [
      'insufficient_scope',
      '"insufficient_scope"',
      '{"error":{"insufficient_scope":1}}',
      '<p>',
    ]) {
      answers.rest = () => new Response(body, { status: 403 })
      expect(await (await client.fetch('projects')).text()).toBe(body)
    }
  })

  it('renews once for three parallel calls that were answered 401', async () => {
    const { client, answers, exchanges } = await startSignedIn()
    answers.rest = ({ headers }) =>
      json({}, { status: headers.get('authorization') === 'Bearer AT-1' ? 401 : 200 })
    const responses = await Promise.all(['a', 'b', 'c'].map((path) => client.fetch(path)))
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(exchanges()).toHaveLength(1)
  })

  it('does not repeat a stream, which can be read once only', async () => {
    const { client, answers, exchanges, base, sent } = await startSignedIn()
    answers.rest = () => json({}, { status: 401 })
    const stream = () => new Blob(['a=1']).stream()
    const init = () => ({ method: 'POST', body: stream(), duplex: 'half' }) as RequestInit
    expect((await client.fetch('projects', init())).status).toBe(401)
    expect((await client.fetch(new Request(`${base}/api/v4/projects`, init()))).status).toBe(401)
    // Firefox does not show the body of a Request.
    const hidden = new Request(`${base}/api/v4/projects`, { method: 'POST', body: 'a=1' })
    Object.defineProperty(hidden, 'body', { value: undefined })
    expect((await client.fetch(hidden)).status).toBe(401)
    expect(sent).toHaveLength(3)
    expect(exchanges()).toEqual([])
  })
})
