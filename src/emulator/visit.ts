/** How the person of {@link visit} answers. */
export interface VisitOptions {
  /** Who signs in. Default: the first account. */
  readonly username?: string
  /** What is answered when the forge asks. Default: `authorize`. */
  readonly decision?: 'authorize' | 'deny'
}

type Fetch = (request: Request) => Promise<Response>

/** What a person sees, or where they are sent away to. */
interface View {
  readonly page: string
  readonly location?: string | undefined
}

/** Builds a fetch that keeps the cookie and follows redirects to the sign-in; any other leads away from the forge. */
function browse({ fetch, signInUrl }: { fetch: Fetch; signInUrl: string }) {
  let cookie = ''
  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(new Request(url, { ...init, headers: { cookie } }))
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }
  return {
    submit: (form: Form) => send(form.action, { method: 'POST', body: form.fields }),
    async open(url: string): Promise<View> {
      const response = await send(url)
      const location = response.headers.get('location') ?? undefined
      if (location !== signInUrl) return { page: await response.text(), location }
      return { page: await (await send(signInUrl)).text() }
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
async function passSignIn(view: View, options: { browser: ReturnType<typeof browse>; username: string }) {
  const form = readForms(view.page).find(({ fields }) => fields.get('user[login]') === options.username)
  if (!form) return view
  const response = await options.browser.submit(form)
  return options.browser.open(response.headers.get('location') ?? form.action)
}

/** The words on the buttons, or links that look like one, of each decision. */
const labels = { authorize: /<(?:button|a)\b[^>]*>Authorize</, deny: /<(?:button|a)\b[^>]*>(?:Deny|Cancel)</ }

/** Gives the address a page leads to by a link of the forge: by one that answers, or by one that stands in for a script. */
const linkOf = (page: string, label: RegExp): string | undefined => {
  const links = [...page.matchAll(/<a [^>]*href="([^"]*)">[^<]*</g)]
  const href = links.find(([link]) => label.test(link) || link.includes('>Click here to redirect'))?.[1]
  return href && plain(href)
}

/** Does what a person does with an authorization request, and gives the address the forge sends them to. */
export async function visit(
  url: URL,
  options: VisitOptions & { fetch: Fetch; signInUrl: string; username: string },
): Promise<URL> {
  const { username, decision = 'authorize' } = options
  const browser = browse(options)
  const view = await passSignIn(await browser.open(url.href), { browser, username })
  const label = labels[decision]
  const form = readForms(view.page).find(({ markup }) => label.test(markup))
  const submitted = form && (await browser.submit(form)).headers.get('location')
  const location = view.location ?? submitted ?? linkOf(view.page, label)
  if (!location) throw new Error(`The forge sends nobody back: ${wordsOf(view.page)}`)
  return new URL(location)
}
