import { expect } from 'vitest'
import type { Browser } from './webdriver.ts'

/** Names a button by words on it. */
export const button = (words: string) => `//button[contains(normalize-space(), "${words}")]`

/** Does at the forge what a person does who wants to sign in. */
export async function authorize(browser: Browser): Promise<void> {
  await browser.click(button('Ada Okafor'))
  await browser.click(button('Authorize'))
}

/** Presses a button that opens a popup, and does something there until it has closed. */
export async function inPopup(browser: Browser, words: string, work: () => Promise<void>): Promise<void> {
  const main = await browser.window()
  await browser.click(button(words))
  const others = async () => (await browser.windows()).filter((handle) => handle !== main)
  await expect.poll(others).toHaveLength(1)
  const [child = ''] = await others()
  await browser.switchTo(child)
  await work()
  await expect.poll(others).toEqual([])
  await browser.switchTo(main)
}

/** Waits until an element says this. */
export async function expectText(browser: Browser, id: string, words: string): Promise<void> {
  await expect.poll(() => browser.text(`//*[@id="${id}"]`)).toBe(words)
}

/** Everything that a script on the page can read of what the browser keeps for its origin, as one text. */
export const readable = (browser: Browser): Promise<string> =>
  browser.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const kept: unknown[] = [document.cookie, { ...localStorage }, { ...sessionStorage }, name, location.href]
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name))
      for (const store of database.objectStoreNames)
        kept.push(await settled(database.transaction(store).objectStore(store).getAll()))
      database.close()
    }
    return JSON.stringify(kept)
  })

/** Waits until the page is signed in, and shows its own address again. */
export async function expectSignedIn(browser: Browser, address: string): Promise<void> {
  await expectText(browser, 'status', 'Signed in as Ada Okafor')
  expect((await browser.url()).href).toBe(address)
}

/** Waits until the forge's page in a popup has lost the page that opened it. */
export async function expectCutOff(browser: Browser): Promise<void> {
  await expect.poll(() => browser.evaluate(() => opener === null)).toBe(true)
}
