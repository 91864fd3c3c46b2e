import { describe, expect, it } from 'vitest'
import { json, until } from './app.ts'
import { session, startBff } from './bff.ts'

describe('two questions at a time', () => {
  it('are answered by the later one, whichever answer comes first', async () => {
    const { client, answers } = startBff()
    let answerFirst: (response: Response) => void = () => {}
    answers.session = () =>
      new Promise((resolve) => {
        answerFirst = resolve
      })
    const first = client.session()
    await until(() => expect(client.snapshot).toBeUndefined())
    answers.session = () => json({ gitkraken: session })
    const signedIn = await client.session()
    answerFirst(json({}))
    expect(await first).toBe(signedIn)
    expect(client.snapshot).toBe(signedIn)
  })
})

describe('other tabs of a BFF', () => {
  it('hear of a sign-in that led to this page, and of a sign-out before anything else', async () => {
    const { open, answers, base } = startBff()
    const channel = new BroadcastChannel(`${location.origin}${base}/gitkraken`)
    let heard = 0
    channel.onmessage = () => {
      heard += 1
    }
    try {
      await open().session()
      await until(() => expect(heard).toBe(1))
      answers.logout = () => new Response(null, { status: 204 })
      expect(await open().logout()).toEqual({ revoked: false })
      await until(() => expect(heard).toBe(2))
    } finally {
      channel.close()
    }
  })
})

describe('a base that is no path', () => {
  it.each(['', 'auth', '/auth/', '//evil.example', 'https://evil.example', 'javascript:x'])(
    'such as "%s" is refused',
    (base) => {
      expect(() => startBff({ base })).toThrow('Give base as a path such as /auth.')
    },
  )
})
