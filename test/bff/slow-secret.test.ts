import { describe, expect, it } from 'vitest'
import { back, leadsTo, SECRET, sealOf, sessionOf, startBff } from './app.ts'

/** A BFF whose secret can be read until it cannot be: then its reader never answers. */
function startSlow() {
  const vault = { isOpen: true }
  const client_secret = () => (vault.isOpen ? SECRET : new Promise<string>(() => {}))
  return { app: startBff({ timeout: 40, providers: { gitlab: { client_secret } } }), vault }
}

describe('a secret whose reader never answers', () => {
  it('fails a sign-in with server_error, without an exchange', async () => {
    const { app, vault } = startSlow()
    vault.isOpen = false
    const answer = await app.finish(back('gitlab', await app.start()))
    expect(leadsTo(answer)).toBe('/?forgepass_error=server_error')
    expect(app.sent).toEqual([])
  })

  it('is no matter to a process that has read it before', async () => {
    const { app, vault } = startSlow()
    await app.signIn()
    app.clock.now += 7_200_000
    vault.isOpen = false
    expect((await app.browser.send('/auth/api/gitlab/projects')).status).toBe(200)
  })

  it('fails a call whose token has run out with server_error after a restart, and the session stands', async () => {
    const { app, vault } = startSlow()
    await app.signIn()
    app.clock.now += 7_200_000
    vault.isOpen = false
    const restarted = app.open(app.make())
    restarted.jar.plant(sessionOf('gitlab'), sealOf(app.browser))
    const answer = await restarted.send('/auth/api/gitlab/projects')
    expect(answer.status).toBe(500)
    expect(answer.headers.get('forgepass-error')).toBe('server_error')
    expect(app.refreshes()).toEqual([])
    vault.isOpen = true
    expect((await restarted.send('/auth/api/gitlab/projects')).status).toBe(200)
  })

  it('keeps nobody from signing out', async () => {
    const { app, vault } = startSlow()
    await app.signIn()
    vault.isOpen = false
    const answer = await app.browser.send('/auth/logout', { method: 'POST' })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toHaveProperty('revoked')
    expect(sealOf(app.browser)).toBe('')
  })
})
