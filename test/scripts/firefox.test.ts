import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { SUBSET, titlesOf } from '../e2e/firefox/subset.ts'

/** The full titles of the tests that run in Firefox, as Playwright lists them. */
function listed(): string[] {
  const config = 'test/e2e/firefox/playwright.config.ts'
  const args = ['node_modules/@playwright/test/cli.js', 'test', '--list', '--config', config]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const found = stdout.matchAll(/^ +\[firefox\] › (?:.*\/e2e\/)?(.+?):\d+:\d+ › (.*)$/gm)
  return [...found].map(([, file, title = '']) => `${file} ${title.replaceAll(' › ', ' ')}`)
}

it('every line of the subset for Firefox names exactly one test that is there', { timeout: 60_000 }, () => {
  const titles = listed()
  const counts = titlesOf(SUBSET).map((words) => [words, titles.filter((title) => words.test(title)).length])
  expect(counts.filter(([, count]) => count !== 1)).toEqual([])
  expect(titles).toHaveLength(counts.length)
})
