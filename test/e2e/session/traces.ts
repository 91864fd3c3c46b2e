import type { BrowserContext, Page } from '@playwright/test'

/** The three ways in which Base64 writes a value, by where it stands in what is encoded; without its uncertain ends. */
const base64 = (value: string): string[] =>
  [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
    const text = bytes.toString('base64').replaceAll('=', '')
    return text.slice(offset && offset + 1, bytes.length % 3 ? -1 : undefined)
  })

const percent = (value: string) => Buffer.from(value).toString('hex').replace(/../g, '%$&')

/** How a value may look where it should not be. */
function formsOf(value: string): string[] {
  const encoded = base64(value)
  const url = encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  const hex = Buffer.from(value).toString('hex')
  const form = new URLSearchParams({ value }).toString().slice('value='.length)
  return [value, percent(value), encodeURIComponent(value), form, hex, ...encoded, ...url].map((text) =>
    text.toLowerCase(),
  )
}

/** Texts by the place they were found at, and the lines that may hold a value there, with `•` in its place. */
export type Places = Readonly<Record<string, string>>
export type Allowed = Readonly<Record<string, readonly RegExp[]>>

/** Every line that holds one of the values where it may not be, with the place and `•` for the value. */
export function strays(places: Places, values: readonly string[], allowed: Allowed = {}): string[] {
  return values.flatMap((value) => {
    const forms = formsOf(value)
    const holds = (text: string) => forms.some((form) => text.toLowerCase().includes(form))
    return Object.entries(places).flatMap(([place, text]) =>
      text
        .split(/\r?\n/)
        .filter(holds)
        .map((line) => line.replace(value, '•'))
        .filter((line) => holds(line) || !allowed[place]?.some((rule) => rule.test(line)))
        .map((line) => `${place}: ${line.slice(0, 300)}`),
    )
  })
}

/** The places that hold a value in one way or another. */
export const placesOf = (places: Places, value: string): string[] =>
  Object.keys(places).filter((place) => strays({ [place]: places[place] ?? '' }, [value]).length > 0)

const readPage = (page: Page) =>
  page.evaluate(async () => {
    const records: unknown[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
      })
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll()
        await new Promise((resolve) => {
          all.onsuccess = resolve
        })
        records.push(...all.result)
      }
      database.close()
    }
    const names = Object.getOwnPropertyNames(globalThis).filter((name) => /state|token|code|auth/i.test(name))
    return {
      localStorage: JSON.stringify({ ...localStorage }),
      sessionStorage: JSON.stringify({ ...sessionStorage }),
      indexedDB: JSON.stringify(records),
      caches: JSON.stringify(await caches.keys()),
      cookie: document.cookie,
      historyState: JSON.stringify(history.state),
      timings: performance
        .getEntries()
        .map((entry) => JSON.stringify(entry))
        .join('\n'),
      address: `${location.href} ${document.referrer} ${name}`,
      document: document.documentElement.outerHTML,
      globals: JSON.stringify(names),
      snapshot: JSON.stringify(client.snapshot),
    }
  })

/** All that the browser keeps of a page. */
export async function look(page: Page, context: BrowserContext): Promise<Places> {
  const session = await context.newCDPSession(page)
  const { entries } = await session.send('Page.getNavigationHistory')
  await session.detach()
  const kept = { history: JSON.stringify(entries), cookies: JSON.stringify(await context.cookies()) }
  return { ...(await readPage(page)), ...kept }
}
