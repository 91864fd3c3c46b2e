import { afterEach, expect, it, test } from 'vitest'
import { bffWith, buildGuarded } from './guarded.ts'

const SECRET = 'gk-5ecret-of-the-app'
const OTHER = 'another-secret-of-32-characters!'
const leak = { 'src/main.ts': `const key = '${SECRET}'; console.log(key, key)` }

afterEach(() => {
  delete process.env.GUARDED_SECRET
})

test.each([
  ['a text', bffWith(SECRET), 'providers.gitkraken.client_secret'],
  ['an asynchronous function', bffWith(async () => SECRET), 'providers.gitkraken.client_secret'],
  [
    'made for an origin',
    (origin: string) => bffWith(new URL(origin) && SECRET),
    'providers.gitkraken.client_secret',
  ],
  ['the key of cookies', { ...bffWith(OTHER), cookieSecret: SECRET }, 'cookieSecret'],
  ['a former key of cookies', { ...bffWith(OTHER), cookieSecret: [OTHER, SECRET] }, 'cookieSecret[1]'],
])('a secret may be %s', async (_, bff, name) => {
  const { error } = await buildGuarded(leak, { bff })
  expect(error).toContain(`contains the secret "${name}", from src/main.ts`)
})

it('names the environment variable that has the secret as its value', async () => {
  process.env.GUARDED_SECRET = SECRET
  const { error } = await buildGuarded(leak, { secrets: { key: process.env.GUARDED_SECRET } })
  expect(error).toContain('contains the secret "key" (environment variable GUARDED_SECRET), from src/main.ts')
})

it('says how a variable of an .env file got into the page', async () => {
  const files = { '.env': `VITE_KEY=${SECRET}`, 'src/main.ts': 'console.log(import.meta.env.VITE_KEY)' }
  const { error } = await buildGuarded(files, { bff: bffWith(SECRET) })
  expect(error).toContain('(environment variable VITE_KEY), from src/main.ts. Rename VITE_KEY, whose prefix')
})

test.each([
  ['undefined', bffWith(JSON.parse('{}').secret)],
  ['empty', bffWith('')],
  ['from a function that has none', bffWith(async () => '')],
])('a secret without a value (%s) is told of, since nothing is looked for', async (_, bff) => {
  const { error, warnings } = await buildGuarded(leak, { bff })
  expect(error).toBe('')
  expect(warnings).toEqual([expect.stringContaining('"providers.gitkraken.client_secret" has no value here')])
})

test('a secret of few characters fails the build', async () => {
  const { error, written } = await buildGuarded({}, { bff: bffWith('5ecret') })
  expect(error).toBe(
    'forgepass: The secret "providers.gitkraken.client_secret" is too short to be looked for: make it at least 8 ' +
      'characters long.',
  )
  expect(written).toEqual([])
})

const broken = () => {
  throw Object.assign(new Error(`no way to ${SECRET}`), { code: 'ECONNREFUSED' })
}
test.each([
  [
    'whose function fails',
    bffWith(async () => broken()),
    'The secret "providers.gitkraken.client_secret" could not be read (ECONNREFUSED), so this build cannot be checked for it.',
  ],
  ['whose options cannot be made', broken, 'The function "bff" failed (ECONNREFUSED), so'],
])('a secret %s fails the build, without the words of that error', async (_, bff, words) => {
  const { error, output } = await buildGuarded(leak, { bff })
  expect(error).toMatch(/^forgepass: /)
  expect(error).toContain(words)
  expect(output).not.toContain(SECRET)
})

test('options that hold no providers fail the build', async () => {
  const bff = JSON.parse('{}')
  expect((await buildGuarded(leak, { bff })).error).toBe(
    'forgepass: The option "bff" has no "providers" to take secrets from.',
  )
})

test('without secrets nothing is looked for', async () => {
  expect((await buildGuarded(leak, {})).error).toBe('')
})
