import {
  type Decision,
  type Form,
  formLabelled,
  linkLabelled,
  readForms,
  redirectOf,
  verifierOf,
  wordsOf,
} from './markup.ts'

/** How the person of {@link visit} answers. */
export interface VisitOptions {
  /** Who signs in. Default: the first account. */
  readonly username?: string
  /** What is answered when the forge asks. Default: `authorize`. */
  readonly decision?: Decision
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

type Browser = ReturnType<typeof browse>

/** Signs in if a page asks for it, and gives the page behind. */
async function passSignIn(view: View, options: { browser: Browser; username: string }): Promise<View> {
  const form = readForms(view.page).find(({ fields }) => fields.get('user[login]') === options.username)
  if (!form) return view
  const response = await options.browser.submit(form)
  return options.browser.open(response.headers.get('location') ?? form.action)
}

/** Answers the question on a page, if there is one; a link of the same words has nothing to send. */
async function decide(view: View, options: { browser: Browser; decision: Decision }): Promise<View> {
  const form = formLabelled(readForms(view.page), options.decision)
  if (!form) return view
  const response = await options.browser.submit(form)
  return { page: await response.text(), location: response.headers.get('location') ?? undefined }
}

/** Does what a person does with an authorization request, and gives the address the forge sends them to. */
export async function visit(
  url: URL,
  options: VisitOptions & { fetch: Fetch; signInUrl: string; username: string },
): Promise<URL> {
  const { username, decision = 'authorize' } = options
  const browser = browse(options)
  const view = await passSignIn(await browser.open(url.href), { browser, username })
  const { page, location = linkLabelled(page, decision) ?? redirectOf(page) } = await decide(view, {
    browser,
    decision,
  })
  if (location) return new URL(location)
  const verifier = verifierOf(page)
  if (verifier === undefined) throw new Error(`The forge sends nobody back: ${wordsOf(page)}`)
  return new URL(`?${new URLSearchParams({ code: verifier })}`, url)
}
