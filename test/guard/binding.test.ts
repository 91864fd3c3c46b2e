import { expect, test } from 'vitest'
import { findBinding } from '../../src/guard/index.ts'

const SECRET = 'gk-secret+of/the=app'
const inBase64 = Buffer.from(`id:${SECRET}`).toString('base64')
const variable = (source: string) => findBinding(source.replaceAll('@', SECRET), SECRET)?.variable

test.each([
  [`const clientSecret = '@'`, 'clientSecret'],
  [`export const clientSecret: string = "@"`, 'clientSecret'],
  ['let secret: string | undefined = `@`', 'secret'],
  ['var secret$1 = "@"', 'secret'],
  [`class App { readonly #secret = '@' }`, 'secret'],
  [`const { secret = '@' } = options`, 'secret'],
  [`exports.secret = '@'`, 'secret'],
  [`const options = { client_id: 'a', client_secret: '@' }`, 'client_secret'],
  [`const options = {\n  "client-secret":\n    '@' }`, 'client-secret'],
  [`const options = { client_secret: async () => '@' }`, 'client_secret'],
  [`const secret = process.env.SECRET ?? '@'`, 'secret'],
  [`const secret = new Secret('@')`, 'secret'],
  ['const headers = { authorization: `Basic $' + '{btoa("id:@")}` }', 'authorization'],
  [`const header = 'Basic ' + btoa('id:@')`, 'header'],
  [`const header = 'Basic ${inBase64}'`, 'header'],
  [`fetch('https://forge.example/token?client_id=a&client_secret=@')`, 'client_secret'],
  [`{ "client_secret": "${JSON.stringify(SECRET).slice(1, -1)}" }`, 'client_secret'],
  [`.app { --secret: "@" }`, '--secret'],
  [`<meta name="x" content="@">`, 'content'],
  ['GITKRAKEN_SECRET=@', 'GITKRAKEN_SECRET'],
])('%s is bound to %s', (source, name) => expect(variable(source)).toBe(name))

test.each([
  [`signIn('@')`],
  [`export default '@'`],
  [`if (secret === '@') signIn()`],
  [`const secret = production ? 'a' : '@'`],
  [`signIn(production ? secret : '@')`],
  [`const a = b; signIn('@')`],
])('%s tells no name', (source) => {
  expect(findBinding(source.replaceAll('@', SECRET), SECRET)).toEqual({ variable: undefined })
})

test('a source without the secret has no binding', () => {
  expect(findBinding(`const clientSecret = 'another'`, SECRET)).toBeUndefined()
})
