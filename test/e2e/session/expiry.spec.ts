import { keepInBackground } from '../background.ts'
import { expect, passLifetime, readApi, signIn, test } from '../oidc-provider/fixtures.ts'

const CALLS = 1000

for (const storage of ['memory', 'indexedDb'] as const)
  for (const place of ['in the background', 'in front'] as const)
    test.describe(`a page ${place}, with its session in ${storage}`, () => {
      test.use({ storage })

      test('makes one token request for 1,000 calls of client.fetch at expiry, and another for the next', async ({
        page,
        context,
        server,
        origin,
      }) => {
        test.setTimeout(120_000)
        // In front it renews by a timer as well, at the same moment.
        if (place === 'in the background') await keepInBackground(context)
        await context.clock.install()
        await signIn(page, origin)
        for (const count of [2, 3]) {
          await passLifetime(context)
          expect(await readApi(page, CALLS)).toEqual(Array(CALLS).fill(200))
          expect(server.tokenRequests()).toHaveLength(count)
        }
        // The server revokes everything when a refresh token comes a second time.
        expect(await server.read(server.granted().access_token)).toBe(200)
      })
    })
