/** Markup whose values are escaped; only {@link html} makes it. */
export interface Html {
  readonly markup: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes text for element content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

function render(value: string | Html | readonly Html[] | undefined): string {
  if (typeof value === 'string') return escapeHtml(value)
  const parts = value === undefined ? [] : [value].flat()
  return parts.map(({ markup }) => markup).join('')
}

/** Builds markup from a template: strings are escaped, {@link Html} stays, `undefined` vanishes. */
export const html = (
  parts: TemplateStringsArray,
  ...values: (string | Html | readonly Html[] | undefined)[]
): Html => ({
  markup: parts.map((part, index) => part + render(values[index])).join(''),
})
