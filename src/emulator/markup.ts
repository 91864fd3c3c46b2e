/** A form of a page, with what it sends unseen. */
export interface Form {
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
export const plain = (text: string): string => text.replace(/&[^;]+;/g, (entity) => signs[entity] ?? entity)

/** Reads the forms of a page. */
export function readForms(page: string): Form[] {
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

/** The answer to a question, by the words on its button or on the link that looks like one. */
export type Decision = 'authorize' | 'deny'

const labels: Readonly<Record<Decision, RegExp>> = {
  authorize: /<(?:button|a)\b[^>]*>Authorize</,
  deny: /<(?:button|a)\b[^>]*>(?:Deny|Cancel)</,
}

/** Finds the form of a decision. */
export const formLabelled = (forms: readonly Form[], decision: Decision): Form | undefined =>
  forms.find(({ markup }) => labels[decision].test(markup))

/** Finds where the link that `accepts` leads to. */
function linkThat(page: string, accepts: (link: string) => boolean): string | undefined {
  const links = [...page.matchAll(/<a [^>]*href="([^"]*)">[^<]*</g)]
  const href = links.find(([link]) => accepts(link))?.[1]
  return href === undefined ? undefined : plain(href)
}

/** Finds where the link of a decision leads to. */
export const linkLabelled = (page: string, decision: Decision): string | undefined =>
  linkThat(page, (link) => labels[decision].test(link))

/** Finds where a page leads to that moves on by script, by the link that stands in for it. */
export const redirectOf = (page: string): string | undefined =>
  linkThat(page, (link) => link.includes('>Click here to redirect'))

/** Finds the verifier that a page shows, to be copied into an application. */
export const verifierOf = (page: string): string | undefined =>
  /<code id="verifier">([^<]*)<\/code>/.exec(page)?.[1]

/** What a page says to a person, on one line. */
export const wordsOf = (page: string): string =>
  plain((/<main>(.*?)<\/main>/s.exec(page)?.[1] ?? '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
