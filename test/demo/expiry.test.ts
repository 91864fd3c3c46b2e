import { expect, test } from 'vitest'
import { describeExpiry } from '../../demo/expiry.ts'

const now = Date.UTC(2026, 0, 1)

test.each([
  [60_000, 'Good for 55 s'],
  [5001, 'Good for 1 s'],
  [5000, 'Used up, to be refreshed'],
  [-60_000, 'Used up, to be refreshed'],
  [600_000, 'Good for 10 min'],
  [7_205_000, 'Good for 2 h'],
  [Number.POSITIVE_INFINITY, 'Good until the forge refuses it'],
])('a token with %d ms to its end', (left, words) => {
  expect(describeExpiry(now + left, now)).toBe(words)
})
