// @ts-check

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures
 */

/**
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }[]} testResults
 */

/**
 * @typedef {object} PlaywrightSuite
 * @property {string} title
 * @property {PlaywrightSuite[]} [suites]
 * @property {{ title: string, tests: { status: string, projectName: string }[] }[]} specs
 */

/** Counts one suite from its report and its exit code; what did not run to its end counts as a failure.
 * @param {import('./suites.mjs').Suite} suite
 * @param {{ report: unknown, problem?: string | undefined }} outcome `problem` says how the process ended, if not well
 * @returns {Tally} */
export function tally(suite, { report, problem }) {
  if (suite.counts === 'exit')
    return problem ? failed([`${suite.name}: ${problem}`]) : { ...NOTHING, passed: 1 }
  const numbers = read(suite, report)
  if (problem && numbers.failed === 0)
    return add(numbers, failed([`${suite.name}: ${problem}, though no test failed`]))
  if (numbers.passed + numbers.failed === 0) return add(numbers, failed([`${suite.name}: no test ran`]))
  return numbers
}

/** Adds two tallies.
 * @param {Tally} a @param {Tally} b @returns {Tally} */
export function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  }
}

/** @type {Tally} */
export const NOTHING = { passed: 0, failed: 0, skipped: 0, failures: [] }

/** Spells a tally the way every run of the tests ends.
 * @param {Tally} total */
export function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** @param {string[]} failures @returns {Tally} */
const failed = (failures) => ({ ...NOTHING, failed: failures.length, failures })

/** @param {import('./suites.mjs').Suite} suite @param {unknown} report */
function read(suite, report) {
  if (!report) return failed([`${suite.name}: it left no report`])
  return suite.counts === 'vitest'
    ? readVitest(suite.name, /** @type {VitestReport} */ (report))
    : readPlaywright(suite.name, /** @type {{ suites: PlaywrightSuite[] }} */ (report))
}

/** @param {string} name @param {VitestReport} report @returns {Tally} */
function readVitest(name, report) {
  const failures = report.testResults.flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status === 'failed')
    // A file that breaks while it is loaded has no test to blame.
    const names =
      tests.length > 0 || file.status !== 'failed' ? tests.map((test) => test.fullName) : [file.name]
    return names.map((test) => `${name}: ${test}`)
  })
  const skipped = report.numPendingTests + report.numTodoTests
  return { passed: report.numPassedTests, failed: failures.length, skipped, failures }
}

/** @param {string} name @param {{ suites: PlaywrightSuite[] }} report @returns {Tally} */
function readPlaywright(name, report) {
  const tests = report.suites.flatMap(testsOf)
  const count = (/** @type {string} */ status) => tests.filter((test) => test.status === status).length
  // Everything else has failed; a flaky test failed once.
  const bad = tests.filter(({ status }) => status !== 'expected' && status !== 'skipped')
  const failures = bad.map(({ title }) => `${name}: ${title}`)
  return { passed: count('expected'), failed: failures.length, skipped: count('skipped'), failures }
}

/** @param {PlaywrightSuite} suite @returns {{ status: string, title: string }[]} */
function testsOf(suite) {
  const own = suite.specs.flatMap((spec) => spec.tests.map(({ status }) => ({ status, title: spec.title })))
  const inner = (suite.suites ?? []).flatMap(testsOf)
  return [...own, ...inner].map(({ status, title }) => ({ status, title: `${suite.title} › ${title}` }))
}
