import { type Html, html } from './html.ts'
import type { Incoming } from './message.ts'
import { randomHex } from './random.ts'
import { style } from './style.ts'

/** What fills a page. */
export interface PageContent {
  readonly title: string
  readonly body: Html
  readonly status?: number
  /** A script that runs at the end of the page. */
  readonly script?: string
  /** Where forms of this page may lead besides the forge, in the words of Content Security Policy. */
  readonly formAction?: string
}

/** An anvil, seen from the side. */
const mark = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M8 5h14v4h-3c-2.5 0-4 1.3-4 3.2
0 2 1.2 3.3 3.5 3.8H20v3H7v-3h1.5c2.3-.5 3.5-1.8 3.5-3.8V12H9c-3.5 0-6-1.8-7-5h6z"/></svg>`

/** Raw text of a style or script element; both are constants of this project or already encoded. */
const raw = (markup: string): Html => ({ markup })

function markupOf({ forge, root }: Incoming, content: PageContent & { nonce: string }): string {
  const { title, body, script, nonce } = content
  const end = script === undefined ? undefined : html`<script nonce="${nonce}">${raw(script)}</script>`
  const { markup } = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${forge} (emulated by forgepass)</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(style)}</style>
<body>
<header>${mark}<span><strong>${forge}</strong> (emulated by forgepass)</span></header>
<main>${body}</main>
<footer><p>A make-believe forge at <code>${root}</code>, for development. Nothing you do here reaches a real ${forge}.</p></footer>
${end}
</body>
</html>
`
  return markup
}

/** Answers with a page of the forge: never cached, never framed, and without any script but its own. */
export function page(incoming: Incoming, content: PageContent): Response {
  const nonce = randomHex(16)
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(content.script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    "img-src 'self' data: http: https:",
    `form-action 'self' ${content.formAction ?? ''}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return new Response(markupOf(incoming, { ...content, nonce }), {
    status: content.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    },
  })
}

/** Tells whether an answer is a page, which is for people. */
export const isPage = ({ headers }: Response): boolean =>
  !headers.has('location') && `${headers.get('content-type')}`.startsWith('text/html')
