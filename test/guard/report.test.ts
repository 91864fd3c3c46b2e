import { expect, test } from 'vitest'
import { type Evidence, reportFinding } from '../../src/guard/index.ts'

const finding = {
  file: 'assets/index-3f2a.js',
  secret: 'providers.gitkraken.client_secret',
  spelling: 'plain',
} as const
const report = (evidence?: Evidence) => reportFinding(finding, evidence)

test('it names file, secret, environment variable, source and variable, and says what to do', () => {
  const sources = [{ path: 'demo/config.ts', variable: 'clientSecret' }]
  expect(report({ variables: ['GITKRAKEN_SECRET'], sources })).toBe(
    'forgepass: assets/index-3f2a.js contains the secret "providers.gitkraken.client_secret" (environment variable ' +
      'GITKRAKEN_SECRET), from demo/config.ts, variable "clientSecret". Import it only in server code, and reset it if ' +
      'this build was published.',
  )
})

test('it leaves out what is not known', () => {
  expect(report()).toBe(
    'forgepass: assets/index-3f2a.js contains the secret "providers.gitkraken.client_secret". Import it only in server ' +
      'code, and reset it if this build was published.',
  )
})

test('it names all sources', () => {
  const sources = [{ path: 'a.ts', variable: 'a' }, { path: 'b.css' }]
  expect(report({ sources })).toContain('", from a.ts, variable "a" and b.css. Import')
})

test.each([
  ['escaped', '", escaped. Import'],
  ['base64', '", in base64. Import'],
] as const)('it says that the secret is %s, since nobody could find it by its letters', (spelling, words) => {
  expect(reportFinding({ ...finding, spelling })).toContain(words)
})

test('it tells to rename a variable that is public by its name', () => {
  expect(report({ variables: ['A', 'VITE_A'], exposed: 'VITE_A' })).toContain(
    '(environment variable A, VITE_A). Rename VITE_A, whose prefix makes it public, and reset it',
  )
})
