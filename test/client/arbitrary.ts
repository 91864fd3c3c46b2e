import fc from 'fast-check'

/**
 * Runs of a property: other ones each time where somebody looks at what they find; more where nobody waits for them, and the same
 * each time, so that a change is judged by what it changes.
 */
export const runs = process.env.CI ? { numRuns: 10_000, seed: 2026 } : { numRuns: 1000 }
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

/** What a member of a stored record can be when it is no longer what it was. */
export const oddValue = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, 0, -1, 1, 1e300, 2 ** 53, '', 'x', '7', 'AT\n', {}, []),
  fc.constantFrom<unknown>({ id: 7 }, { id: '7' }, ['x'], 'https://evil.example', '//evil.example', '1e9'),
  hostileText,
  fc.jsonValue(),
)

/** Members of a record, each by its path, and what they become. */
export const editsOf = (paths: readonly string[], value: fc.Arbitrary<unknown> = oddValue) =>
  fc.array(fc.tuple(fc.constantFrom(...paths), value), { minLength: 1, maxLength: 3 })

/** A copy of a record with members replaced; those whose place is no object any more are left out. */
export function edit<T extends object>(record: T, edits: readonly (readonly [string, unknown])[]): T {
  const copy = structuredClone(record)
  for (const [path, value] of edits) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    const place = names.reduce<unknown>((at, name) => Object(at)[name], copy)
    // A copy of it, too: what is set next may be a member of this.
    if (Object(place) === place) Reflect.set(place as object, last, structuredClone(value))
  }
  return copy
}
