import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { choose, enginesOf, SUITES, type Suite } from '../../scripts/suites.mjs'
import { NOTHING, tally } from '../../scripts/tally.mjs'
import { runAll, summarize } from '../../scripts/test.mjs'

const suite = (counts: Suite['counts'], name: string = counts): Suite => ({ name, counts, command: [] })

describe('the suites', () => {
  it('go from fast to slow, the soak last', () => {
    expect(choose([], () => true).map(({ name }) => name)).toEqual(SUITES.map(({ name }) => name))
    expect(SUITES.at(0)?.name).toBe('types')
    expect(SUITES.at(-1)?.name).toBe('soak')
  })

  it('are rows only once their folder is there', () => {
    expect(choose([], () => false).map(({ name }) => name)).toEqual(['types', 'lint', 'unit', 'package'])
    expect(enginesOf(choose([], () => false))).toEqual([])
    const engines = ['chromium-headless-shell', 'chromium', 'firefox', 'webkitgtk', 'doorkeeper']
    expect(enginesOf(SUITES)).toEqual(engines)
  })

  it('can be chosen by name, in their own order', () => {
    expect(choose(['e2e', 'unit'], () => true).map(({ name }) => name)).toEqual(['unit', 'e2e'])
    expect(() => choose(['unti'], () => true)).toThrow('No suite is called unti. There are: types, lint,')
  })
})

describe('the numbers of a suite', () => {
  const file = (name: string, ...statuses: string[]) => ({
    name,
    status: statuses.includes('failed') ? 'failed' : 'passed',
    assertionResults: statuses.map((status, i) => ({ status, fullName: `${name} ${i}` })),
  })
  const vitest = (passed: number, skipped: number, ...testResults: object[]) => ({
    numPassedTests: passed,
    numPendingTests: skipped,
    numTodoTests: 0,
    testResults,
  })

  it('are one check when only its exit code counts', () => {
    expect(tally(suite('exit'), { report: undefined })).toEqual({ ...NOTHING, passed: 1 })
    expect(tally(suite('exit'), { report: undefined, problem: 'ended with exit code 2' })).toMatchObject({
      failed: 1,
    })
  })

  it('come from the report of vitest, a file that cannot be loaded included', () => {
    const broken = { name: 'c.test.ts', status: 'failed', assertionResults: [] }
    const report = vitest(2, 1, file('a', 'passed', 'failed'), file('b', 'passed', 'skipped'), broken)
    expect(tally(suite('vitest'), { report, problem: 'ended with exit code 1' })).toEqual({
      passed: 2,
      failed: 2,
      skipped: 1,
      failures: ['vitest: a 1', 'vitest: c.test.ts'],
    })
  })

  it('come from the report of Playwright, a flaky test being a failed one', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status, projectName: 'chromium' }] })
    const inner = { title: 'inner', specs: [spec('two', 'skipped'), spec('three', 'flaky')] }
    const outer = { title: 'a.spec.ts', specs: [spec('one', 'expected')], suites: [inner] }
    expect(tally(suite('playwright'), { report: { suites: [outer] } })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 1,
      failures: ['playwright: a.spec.ts › inner › three'],
    })
  })

  it.each([
    ['crashes without a report', { report: undefined, problem: 'ended with SIGSEGV' }, 0],
    ['ends well without a report', { report: undefined }, 0],
    ['executes no test', { report: vitest(0, 0) }, 0],
    ['only skips', { report: vitest(0, 3) }, 0],
    [
      'breaks beside its tests',
      { report: vitest(2, 0, file('a', 'passed', 'passed')), problem: 'ended with exit code 1' },
      2,
    ],
  ])('count one failure when it %s', (_, outcome, passed) => {
    expect(tally(suite('vitest'), outcome)).toMatchObject({ passed, failed: 1 })
  })
})

describe('a run', () => {
  const results = {
    good: { passed: 3, failed: 0, skipped: 1, failures: [] },
    bad: { passed: 1, failed: 1, skipped: 0, failures: ['bad: something'] },
  }
  const run = async ({ name }: Suite) => results[name as keyof typeof results]

  it('goes on after a failure and ends with the line of numbers', async () => {
    const said: string[] = []
    const say = (text: string) => said.push(text)
    const all = await runAll([suite('exit', 'bad'), suite('exit', 'good')], run, say)
    expect(summarize(all, say)).toBe(1)
    expect(said.at(1)).toMatch(/^── bad: 1 passed, 1 failed, 0 skipped in \d+\.\d s$/)
    expect(said.slice(-2)).toEqual(['FAILED: bad: something', '4 passed, 1 failed, 1 skipped'])
  })

  it('succeeds when nothing failed', async () => {
    expect(summarize(await runAll([suite('exit', 'good')], run, () => {}), () => {})).toBe(0)
  })
})

describe('a suite whose engine is not there', () => {
  const run = (CI: string) => {
    const env = { ...process.env, CI, FORGEPASS_CHROMIUM: '/nowhere/chromium' }
    return spawnSync(process.execPath, ['scripts/test.mjs', 'e2e'], { env, encoding: 'utf8' })
  }

  it('is not run and says how to install it, and is skipped', () => {
    const { status, stdout } = run('')
    expect(stdout).toMatch(/^NOT RUN: e2e — .*chromium/m)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 0 failed, 1 skipped')
    expect(status).toBe(0)
  })

  it('has failed in continuous integration', () => {
    const { status, stdout } = run('true')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed, 0 skipped')
    expect(status).toBe(1)
  })
})
