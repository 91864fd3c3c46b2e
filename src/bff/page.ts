import type { OAuthError } from '../protocol/errors.ts'
import { random } from '../protocol/pkce.ts'
import { type AnswerOptions, answer, statusOf } from './answer.ts'

/** Writes text so that it stays text in a page. */
const escapeText = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:20vh auto;padding:0 1.5rem}
:root{color-scheme:light dark}a{color:inherit}`

/** Builds a small page that loads nothing, is shown in no frame, and runs at most the one script it is given. */
function page(
  content: { title: string; body: string; script?: string },
  options: AnswerOptions = {},
): Response {
  const { title, body, script } = content
  const nonce = random()
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style nonce="${nonce}">${STYLE}</style></head>
<body><main><h1>${title}</h1>${body}</main>${script ? `<script nonce="${nonce}">${script}</script>` : ''}</body></html>`
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
  return answer(html, { ...options, headers: { ...headers, ...options.headers } })
}

/** Answers a callback that belongs to no sign-in of this browser. */
export const strayPage = (publicOrigin: string): Response =>
  page(
    {
      title: 'This sign-in did not finish',
      body: `<p>It was started in another browser, or it has been finished before.</p>
<p><a href="${publicOrigin}/">Go to the application</a> and sign in there.</p>`,
    },
    { status: 400, headers: { 'forgepass-error': 'state_mismatch' } },
  )

/** Answers a navigation that is refused, to the person who made it. */
export const refusalPage = (publicOrigin: string, { code, hint }: OAuthError): Response =>
  page(
    {
      title: 'This sign-in did not start',
      body: `<p>${escapeText(hint)}</p><p><a href="${publicOrigin}/">Go to the application</a> and sign in there.</p>`,
    },
    { status: statusOf(code), headers: { 'forgepass-error': code } },
  )

/** Hands this page's address, which holds a nonce and an outcome, to the window that waits; see `relay()` of the browser's side. */
const RELAY = `const url = location.href, state = new URL(url).searchParams.get('state')
history.replaceState(null, '', location.pathname)
const heard = ({ data }) => data === true && close()
let channel
try { channel = new BroadcastChannel('forgepass ' + state) } catch {}
if (channel) { channel.onmessage = heard; channel.postMessage(url) }
addEventListener('message', (event) => opener && event.source === opener && heard(event))
if (opener) opener.postMessage(url, location.origin)`

/** Answers `GET relay`: tells the window behind the popup that the sign-in is over, and closes the popup. */
export const relayPage = (publicOrigin: string): Response =>
  page({
    title: 'You can close this window',
    body: `<p>The sign-in is over. <a href="${publicOrigin}/">Go to the application</a></p>`,
    script: RELAY,
  })
