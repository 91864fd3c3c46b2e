import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** What axe-core finds on the page as it stands, one line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe } = window as unknown as typeof import('axe-core') & { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    )
  })
}

/** What is pressed and smaller than a finger, and what is wider than the window. */
const misfits = (page: Page) =>
  page.evaluate(() => {
    const pressed = [...document.querySelectorAll('button, input')].filter((one) => one.checkVisibility())
    const small = pressed.filter((one) => {
      const { width, height } = one.getBoundingClientRect()
      return width < 44 || height < 44
    })
    const { scrollWidth, clientWidth } = document.documentElement
    return [...small.map(({ id }) => `small: ${id}`), ...(scrollWidth > clientWidth ? ['too wide'] : [])]
  })

/** What keeps somebody from using the page as it stands, one line each. */
export async function flaws(page: Page): Promise<string[]> {
  // Before its stylesheet is there, nothing looks as it will.
  await page.waitForLoadState('load')
  return [...(await violations(page)), ...(await misfits(page))]
}
