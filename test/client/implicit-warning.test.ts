import { expect, it } from 'vitest'
import { implicit } from '../../src/index.ts'
import { silently } from './implicit-app.ts'

it('security 25: the implicit grant warns when it is first made, once, and names what forbids it', () => {
  const { words } = silently(() => [implicit(), implicit(), implicit({ audience: 'unverified' })])
  expect(words).toEqual([expect.stringMatching(/implicit\(\).*RFC 10017.*code grant/)])
})
