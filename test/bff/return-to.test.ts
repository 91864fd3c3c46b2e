import { describe, expect, it } from 'vitest'
import { back, startBff } from './app.ts'

/** Where a sign-in ends that was started from `return_to`. */
async function land(return_to: string, outcome: Record<string, string> = {}) {
  const app = startBff()
  const answer = await app.finish(back('gitlab', await app.start('gitlab', { return_to }), outcome))
  return (answer.headers.get('location') ?? '').replace('https://www.app.example', '')
}

describe('return_to', () => {
  it.each([
    ['/?forgepass_error=timeout', '/'],
    ['/a?forgepass_error=login_required#part', '/a#part'],
    ['/a?b=%20+c&d&e==%C3%A4&forgepass_error=timeout#x?y=1', '/a?b=%20+c&d&e==%C3%A4#x?y=1'],
    ['/a?forgepass_error=timeout&b=%20+c&d', '/a?b=%20+c&d'],
    ['/a?b=1&forgepass_error=timeout&c', '/a?b=1&c'],
    ['/a?forgepass_error=timeout&forgepass_error=csrf', '/a'],
    ['/a?my_forgepass_error=1&forgepass_errors=2', '/a?my_forgepass_error=1&forgepass_errors=2'],
    ['/a?b=?forgepass_error=1', '/a?b=?forgepass_error=1'],
    ['/a#?forgepass_error=timeout', '/a#?forgepass_error=timeout'],
  ])('%s leads to %s: the error of an earlier sign-in is gone, and all else as it was', async (from, to) => {
    expect(await land(from)).toBe(to)
  })

  it('tells the error of the latest sign-in only', async () => {
    const denied = { code: '', error: 'access_denied' }
    expect(await land('/a?b=1&forgepass_error=timeout', denied)).toBe(
      '/a?b=1&forgepass_error=authorization_error',
    )
  })

  it('is the front page where it is longer than 500 characters, as it is written in the address', async () => {
    const [longest, tooLong] = [`/${'x'.repeat(499)}`, `/${'x'.repeat(500)}`]
    expect(await land(longest)).toBe(longest)
    expect(await land(tooLong)).toBe('/')
    expect(await land(`/${'ä'.repeat(83)}`)).toBe(`/${'%C3%A4'.repeat(83)}`)
    expect(await land(`/${'ä'.repeat(84)}`)).toBe('/')
    expect(await land(`${longest.slice(0, 490)}?forgepass_error=timeout`)).toBe(longest.slice(0, 490))
  })

  it('of five sign-ins at a time leaves the request room below what servers take', async () => {
    const app = startBff()
    const names = ['gitlab', 'gitkraken', 'gitea'] as const
    const relay = 'x'.repeat(100)
    for (let turn = 0; turn < 8; turn += 1)
      await app.start(names[turn % 3], { return_to: `/${'x'.repeat(499)}`, relay })
    const logins = [...app.browser.jar.cookies.values()]
    expect(logins).toHaveLength(5)
    expect(logins.map(({ name, value }) => `${name}=${value}`).join('; ').length).toBeLessThan(8192)
  })
})
