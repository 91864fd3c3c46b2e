/** Finds an element of this page by its id; it is there, or the page is broken. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, id: string): HTMLElementTagNameMap[K] {
  const found = document.querySelector<HTMLElementTagNameMap[K]>(`${tag}#${id}`)
  if (!found) throw new Error(`The page has no <${tag} id="${id}">.`)
  return found
}

/** Builds an element of a tag and its text. */
export function build<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
  className = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  made.textContent = text
  if (className) made.className = className
  return made
}
