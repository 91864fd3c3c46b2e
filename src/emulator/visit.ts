/** How the person of {@link visit} answers. */
export interface VisitOptions {
  /** Who signs in. Default: the first account. */
  readonly username?: string
  /** What is answered when the forge asks. Default: `authorize`. */
  readonly decision?: 'authorize' | 'deny'
}

type Fetch = (request: Request) => Promise<Response>

/** Builds a fetch that keeps the cookie and follows redirects as long as they stay on pages; a form's redirect stays as it is. */
function browse(fetch: Fetch) {
  let cookie = ''
  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(new Request(url, { ...init, headers: { cookie } }))
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }
  return {
    submit: (form: Form) => send(form.action, { method: 'POST', body: form.fields }),
    async open(url: string) {
      let response = await send(url)
      for (let hops = 0; response.status === 302 && hops < 5; hops += 1) {
        response = await send(response.headers.get('location') ?? url)
      }
      return response.text()
    },
  }
}

interface Form {
  readonly action: string
  readonly fields: URLSearchParams
  readonly markup: string
}

const signs: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}

/** Undoes the escaping of the forge's markup. */
const plain = (text: string): string => text.replace(/&[^;]+;/g, (entity) => signs[entity] ?? entity)

function readForms(page: string): Form[] {
  const forms = page.matchAll(/<form method="post"\s+action="([^"]*)">(.*?)<\/form>/gs)
  return [...forms].map(([, action = '', markup = '']) => {
    const inputs = markup.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
    const fields = [...inputs].map(([, name = '', value = '']): [string, string] => [
      plain(name),
      plain(value),
    ])
    return { action: plain(action), fields: new URLSearchParams(fields), markup }
  })
}

/** What a page says to a person, on one line. */
const wordsOf = (page: string): string =>
  plain((/<main>(.*?)<\/main>/s.exec(page)?.[1] ?? '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()

/** Signs in if a page asks for it, and gives the page behind. */
async function passSignIn(page: string, options: { browser: ReturnType<typeof browse>; username: string }) {
  const form = readForms(page).find(({ fields }) => fields.get('user[login]') === options.username)
  if (!form) return page
  const response = await options.browser.submit(form)
  return options.browser.open(response.headers.get('location') ?? form.action)
}

/** Does what a person does with an authorization request, and gives the address the forge sends them to. */
export async function visit(
  url: URL,
  options: VisitOptions & { fetch: Fetch; username: string },
): Promise<URL> {
  const { fetch, username, decision = 'authorize' } = options
  const browser = browse(fetch)
  const page = await passSignIn(await browser.open(url.href), { browser, username })
  const label = decision === 'deny' ? '>Deny<' : '>Authorize<'
  const form = readForms(page).find(({ markup }) => markup.includes(label))
  const link = /<a href="([^"]*)">Click here to redirect/.exec(page)?.[1]
  const location = form ? (await browser.submit(form)).headers.get('location') : link && plain(link)
  if (!location) throw new Error(`The forge sends nobody back: ${wordsOf(page)}`)
  return new URL(location)
}
