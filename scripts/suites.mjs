// @ts-check

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string[]} command  a script in node_modules and its arguments
 * @property {'exit' | 'vitest' | 'playwright'} counts where its numbers come from; `exit` is one check that holds or not
 * @property {string} [folder]   the suite is a row only once this folder is there
 * @property {string[]} [needs]  engines without which it cannot run
 */

/** @param {...string} projects */
const vitest = (...projects) => [
  'vitest/vitest.mjs',
  'run',
  ...projects.flatMap((project) => ['--project', project]),
]

/** Everything `npm test` runs, in this order: fast first, soak last.
 * @type {Suite[]} */
export const SUITES = [
  { name: 'types', counts: 'exit', command: ['typescript/bin/tsc', '--project', 'tsconfig.json'] },
  { name: 'lint', counts: 'exit', command: ['@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.'] },
  // By itself vitest leaves one core alone, and this is the suite that people wait for.
  { name: 'unit', counts: 'vitest', command: [...vitest('unit', 'dom'), '--maxWorkers=100%'] },
  { name: 'package', counts: 'vitest', command: vitest('package') },
  {
    name: 'e2e',
    counts: 'playwright',
    command: ['@playwright/test/cli.js', 'test', '--config', 'test/e2e/playwright.config.ts'],
    folder: 'test/e2e',
    needs: ['chromium-headless-shell', 'chromium'],
  },
  {
    name: 'extension',
    counts: 'playwright',
    command: ['@playwright/test/cli.js', 'test', '--config', 'test/e2e/extension/playwright.config.ts'],
    folder: 'test/e2e/extension',
    needs: ['chromium'],
  },
  {
    name: 'firefox',
    counts: 'playwright',
    command: ['@playwright/test/cli.js', 'test', '--config', 'test/e2e/firefox/playwright.config.ts'],
    folder: 'test/e2e/firefox',
    needs: ['firefox'],
  },
  {
    name: 'engines',
    counts: 'vitest',
    command: vitest('engines'),
    folder: 'test/engines',
    needs: ['webkitgtk'],
  },
  {
    name: 'doorkeeper',
    counts: 'vitest',
    command: vitest('doorkeeper'),
    folder: 'test/doorkeeper',
    needs: ['doorkeeper'],
  },
  {
    name: 'doorkeeper-e2e',
    counts: 'playwright',
    command: ['@playwright/test/cli.js', 'test', '--config', 'test/doorkeeper/e2e/playwright.config.ts'],
    folder: 'test/doorkeeper/e2e',
    needs: ['doorkeeper', 'chromium-headless-shell'],
  },
  { name: 'soak', counts: 'vitest', command: vitest('soak'), folder: 'test/soak' },
]

/** Lists the suites that are there, or those of them that were asked for by name.
 * @param {string[]} names
 * @param {(folder: string) => boolean} exists
 * @param {Suite[]} [suites] */
export function choose(names, exists, suites = SUITES) {
  const there = suites.filter((suite) => !suite.folder || exists(suite.folder))
  const unknown = names.filter((name) => !there.some((suite) => suite.name === name))
  const known = there.map((suite) => suite.name).join(', ')
  if (unknown.length > 0) throw new Error(`No suite is called ${unknown.join(', ')}. There are: ${known}.`)
  return names.length > 0 ? there.filter((suite) => names.includes(suite.name)) : there
}

/** Lists the engines that the given suites need.
 * @param {Suite[]} suites */
export function enginesOf(suites) {
  return [...new Set(suites.flatMap((suite) => suite.needs ?? []))]
}
