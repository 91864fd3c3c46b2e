import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure } from './app.ts'
import { approve, startExtension } from './worker.ts'

const { happyDOM } = globalThis as unknown as { happyDOM: { setURL(address: string): void } }
const { href } = location

const deny: typeof approve = ({ redirect_uri, state }) => `${redirect_uri}?error=access_denied&state=${state}`

describe.each(['moz-extension:', 'chrome-extension:', 'safari-web-extension:'])(
  'in a page of %s',
  (scheme) => {
    beforeEach(() => {
      localStorage.clear()
      happyDOM.setURL(`${scheme}//2f5a/background.html`)
      // Nobody clicks in a page that only hears messages.
      Object.defineProperty(navigator, 'userActivation', { value: { isActive: false }, configurable: true })
    })
    afterEach(() => {
      happyDOM.setURL(href)
      Reflect.deleteProperty(navigator, 'userActivation')
    })

    it('a sign-in may follow a denial at once', async () => {
      const app = startExtension(deny)
      expect(await failure(app.client.login())).toMatchObject({ code: 'authorization_error' })
      app.bring(approve)
      expect(await app.client.login()).toMatchObject({ scope: 'read_user' })
    })

    it('security 45, 65: a sign-in under way is kept beside the session, and not on disk', async () => {
      const app = startExtension((request) => {
        expect(Object.keys(app.items)).toEqual([`forgepass.tx.${request.state}`])
        return approve(request)
      })
      await app.client.login()
      expect(localStorage).toHaveLength(0)
    })

    it('a path is refused as redirect_uri', async () => {
      const app = startExtension(approve, { redirect_uri: '/callback' })
      expect(await failure(app.client.login())).toMatchObject({ code: 'invalid_redirect_uri' })
    })
  },
)

it('in a page of the web a sign-in under way is kept in localStorage, for all tabs', async () => {
  localStorage.clear()
  const app = startExtension((request) => {
    expect(Object.keys(localStorage)).toEqual([`forgepass.tx.${request.state}`])
    return approve(request)
  })
  await app.client.login()
})
