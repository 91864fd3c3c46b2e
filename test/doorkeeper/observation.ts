/** What is the same of an answer whoever gives it: values that differ by nature are replaced by their kind. */
export interface Observation {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly location?: Address
  readonly body?: unknown
}

/** Where a redirect leads. */
export interface Address {
  readonly to: string
  readonly query: readonly (readonly [string, string])[]
  readonly fragment: readonly (readonly [string, string])[]
}

const compared = /^(content-type|cache-control|pragma|www-authenticate|vary|allow|access-control-.*)$/

/** Two clocks that the cases moved, each in its way, are never further apart. */
const week = 604_800

/** Replaces what is new in every run; lifetimes may have lost a minute on a slow machine. */
function kind(name: string, value: unknown): unknown {
  if (typeof value === 'string') return kindOfText(value)
  if (Array.isArray(value)) return value.map((item) => kind('', item))
  if (typeof value === 'object' && value) return members(value)
  if (typeof value !== 'number') return value
  if (name === 'created_at') return Math.abs(value - Date.now() / 1000) < week ? '<seconds>' : value
  return Number.isInteger(value) && value > 7140 && value <= 7200 ? 7200 : value
}

const kindOfText = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{64}\b/g, '<64 hex>')
    .replace(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/, '<JWT>')
    .replace(/^http:\/\/127\.0\.0\.1(:\d+)?\/.*$/, '<address>')

/** The members of an object, in their order. */
const members = (body: object) => Object.entries(body).map(([name, value]) => [name, kind(name, value)])

const pairs = (text: string) =>
  [...new URLSearchParams(text)].map(([name, value]) => [name, kindOfText(value)] as const)

function readAddress(text: string, base: string): Address {
  const [, to = '', query = '', fragment = ''] = /^([^?#]*)\??([^#]*)#?(.*)$/s.exec(text) ?? []
  return { to: to.replace(base, '<base>'), query: pairs(query), fragment: pairs(fragment) }
}

const signs: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}
const plain = (text: string) => text.replace(/&[^;]+;/g, (sign) => signs[sign] ?? sign).trim()

/** The parameters that a page's form would send; an empty one is none. */
function fieldsOf(form: string) {
  const inputs = form.matchAll(/<input type="hidden" name="([^"]*)"(?: id="[^"]*")? value="([^"]*)"/g)
  const fields = [...inputs].map(([, name = '', value = '']) => [name, plain(value)] as const)
  return fields.filter(([name, value]) => value && !/^(authenticity_token|utf8)$/.test(name)).sort()
}

/** What a page is for: a question, an error with its words, or a step to somewhere else. */
function readPage(page: string, base: string): unknown {
  const link = /<a href="([^"]*)">Click here to redirect/.exec(page)?.[1]
  if (link) return { page: 'redirect', location: readAddress(plain(link), base) }
  const forms = [...page.matchAll(/<form[^>]*>.*?<\/form>/gs)].map(([form]) => form)
  const answers = forms.filter((form) => /action="[^"]*\/oauth\/authorize"/.test(form)).map(fieldsOf)
  if (answers.length > 0) return { page: 'question', answers }
  const error = /<(?:pre|p class="alert" role="alert")>([^<]*)</.exec(page)?.[1]
  return { page: error === undefined ? 'other' : 'error', words: plain(error ?? '') }
}

/** Writes an answer down. */
export async function observe(response: Response, base: string): Promise<Observation> {
  const { status, headers } = response
  const type = headers.get('content-type') ?? ''
  const location = headers.get('location')
  const text = await response.text()
  const body = /json/.test(type)
    ? kind('', JSON.parse(text))
    : /html/.test(type) && text
      ? readPage(text, base)
      : text
  return {
    status,
    // An empty header says what none says.
    headers: Object.fromEntries([...headers].filter(([name, value]) => compared.test(name) && value)),
    // What a redirect says to those who do not follow it is of no account.
    ...(location ? { location: readAddress(location, base) } : { body }),
  }
}
