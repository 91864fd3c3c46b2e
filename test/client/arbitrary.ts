import fc from 'fast-check'

/** Runs of a property: more where nobody waits for them. */
export const runs = { numRuns: process.env.CI ? 10_000 : 1000 }
/** Milliseconds that a property may take. */
export const patience = process.env.CI ? 300_000 : 60_000

/** Text that programs trip over: any unicode, lone surrogates, control and bidi characters, and what a URL is made of. */
export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  fc.constantFrom(
    '',
    '\ud800',
    '\udfff',
    '\0',
    '\r\n',
    '\u202e',
    '\ufeff',
    '%',
    '%00',
    '%FF',
    '%zz',
    '+',
    '#',
    '&',
    '=',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '//evil.example',
    '/\\evil',
    '<img src=x onerror=1>',
  ),
  fc.string({
    unit: fc.constantFrom('/', '\\', '.', '\t', '\n', ':', '@', '?', '#', '%2f', '%5c', '%2e', 'x'),
    maxLength: 12,
  }),
)

/** Every parameter of an authorization response. */
export const responseNames = [
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'access_token',
  'token_type',
  'expires_in',
  'refresh_token',
  'id_token',
  'scope',
  'session_state',
]

/** A pair of a query or a hash as it is written, encoded or not. */
export const pairOf = (name: fc.Arbitrary<string>, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(name, value, fc.boolean(), fc.boolean()).map(([key, text, bare, encoded]) => {
    // A lone surrogate has no encoding of its own.
    const write = (part: string) => (encoded ? encodeURIComponent(part.replace(/\p{Cs}/gu, '')) : part)
    return bare && !text ? write(key) : `${write(key)}=${write(text)}`
  })
