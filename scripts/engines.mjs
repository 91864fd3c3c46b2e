// @ts-check
import { existsSync, readFileSync } from 'node:fs'

/**
 * @typedef {object} Engine
 * @property {string} [override] environment variable that names the executable and wins over everything
 * @property {'chromium'} [playwright] whose own download serves, if it is there
 * @property {Partial<Record<NodeJS.Platform, string[]>>} paths where systems put it, the preferred one first
 * @property {string[][]} [beside] what it does not run without: for each, where systems put it
 * @property {string[]} debian   packages that bring it
 * @property {string} elsewhere  what brings it on any other system
 */

/** @type {Engine['paths']} */
const CHROMIUM = {
  linux: ['/usr/bin/chromium'],
  darwin: ['/Applications/Chromium.app/Contents/MacOS/Chromium'],
}

/** @type {Engine['paths']} */
const CHROME = {
  linux: ['/usr/bin/google-chrome'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
}

/** Every place on one system, in the order of these tables.
 * @param {NodeJS.Platform} platform
 * @param {...Engine['paths']} tables */
const places = (platform, ...tables) => tables.flatMap((table) => table[platform] ?? [])

const DOORKEEPER = [
  'ruby-doorkeeper',
  'ruby-doorkeeper-openid-connect',
  'ruby-railties',
  'ruby-actionpack',
  'ruby-activerecord',
  'ruby-sqlite3',
  'puma',
  'ruby-rack-cors',
]

/** Where dpkg notes that a package is installed, some of them by processor.
 * @param {string} name */
const noted = (name) => ['', ':amd64', ':arm64'].map((cpu) => `/var/lib/dpkg/info/${name}${cpu}.list`)

/** One row per engine a suite may need; the suites say which of them are in use.
 * @type {Record<string, Engine>} */
export const ENGINES = {
  // Faster than the full browser, but it loads no extension and draws pixels of its own.
  'chromium-headless-shell': {
    override: 'FORGEPASS_CHROMIUM',
    playwright: 'chromium',
    paths: {
      linux: ['/usr/bin/chromium-headless-shell', ...places('linux', CHROMIUM, CHROME)],
      darwin: places('darwin', CHROMIUM, CHROME),
      win32: places('win32', CHROME),
    },
    debian: ['chromium-headless-shell'],
    elsewhere: 'npx playwright install chromium',
  },
  // For extensions, which Google's own Chrome no longer loads from a folder.
  chromium: {
    override: 'FORGEPASS_CHROMIUM',
    playwright: 'chromium',
    paths: CHROMIUM,
    debian: ['chromium'],
    elsewhere: 'npx playwright install chromium',
  },
  // As Mozilla releases it; the one that Playwright downloads is another.
  firefox: {
    override: 'FORGEPASS_FIREFOX',
    paths: {
      linux: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
      darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
      win32: ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
    },
    debian: ['firefox-esr'],
    elsewhere:
      'get Firefox ESR from https://www.mozilla.org/firefox/enterprise/, or set FORGEPASS_FIREFOX to one',
  },
  webkitgtk: {
    paths: { linux: ['/usr/bin/WebKitWebDriver'] },
    beside: [
      ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`),
      ['/usr/bin/Xvfb'],
    ],
    debian: ['webkit2gtk-driver', 'xvfb'],
    elsewhere: 'apt-get install webkit2gtk-driver xvfb, on Debian or Ubuntu',
  },
  // A server and no browser: the OAuth engine of GitLab. The override names a ruby that has its gems.
  doorkeeper: {
    override: 'FORGEPASS_RUBY',
    paths: { linux: ['/usr/bin/ruby'] },
    beside: DOORKEEPER.map(noted),
    debian: DOORKEEPER,
    elsewhere:
      'gem install doorkeeper:5.5.0 doorkeeper-openid_connect:1.8.0 railties:6.1.7.10 sqlite3:1.4.2 puma:5.6.5 rack-cors:1.1.1, and set FORGEPASS_RUBY to that ruby',
  },
}

/**
 * @typedef {object} Machine
 * @property {NodeJS.ProcessEnv} env
 * @property {NodeJS.Platform} platform
 * @property {number | undefined} uid
 * @property {(path: string) => boolean} exists
 * @property {() => string} osRelease
 * @property {(browser: 'chromium') => Promise<string>} playwrightPath
 */

/** @type {Machine} */
export const THIS_MACHINE = {
  env: process.env,
  platform: process.platform,
  uid: process.getuid?.(),
  exists: existsSync,
  osRelease: () => (existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''),
  // Imported late: these scripts run before the packages are there.
  playwrightPath: async (browser) => (await import('@playwright/test'))[browser].executablePath(),
}

/** Finds the executable of an engine: the override, Playwright's own download, then the system's paths.
 * @param {string} name
 * @param {Machine} [machine]
 * @returns {Promise<string | undefined>} */
export async function findEngine(name, machine = THIS_MACHINE) {
  const engine = row(name)
  const chosen = choice(engine, machine)
  // A choice that leads nowhere is not quietly replaced: the person would test another browser than the one named.
  if (chosen) return machine.exists(chosen) ? chosen : undefined
  const downloaded = engine.playwright && (await machine.playwrightPath(engine.playwright).catch(() => ''))
  const first = (/** @type {string[]} */ paths) => paths.find((path) => path !== '' && machine.exists(path))
  const complete = (engine.beside ?? []).every(first)
  return complete ? first([downloaded ?? '', ...(engine.paths[machine.platform] ?? [])]) : undefined
}

/** Says which command brings a missing engine on this machine.
 * @param {string} name
 * @param {Machine} [machine] */
export function howToInstall(name, machine = THIS_MACHINE) {
  const engine = row(name)
  const chosen = choice(engine, machine)
  if (chosen) return `set ${engine.override} to an executable that exists; it names ${chosen}`
  if (!/^ID=debian$/m.test(machine.osRelease())) return engine.elsewhere
  const install = `apt-get install --no-install-recommends ${engine.debian.join(' ')}`
  return machine.uid === 0 ? install : `sudo ${install}`
}

/** Tells which of the missing engines this machine can be given without asking anybody.
 * @param {string[]} missing
 * @param {Machine} [machine] */
export function installable(missing, machine = THIS_MACHINE) {
  const apt = machine.platform === 'linux' && machine.uid === 0 && machine.exists('/usr/bin/apt-get')
  return apt ? missing.filter((name) => !choice(row(name), machine)) : []
}

/** Installs engines with apt, as root; `run` starts one command and rejects when it fails.
 * @param {string[]} names
 * @param {(command: string, args: string[], env: NodeJS.ProcessEnv) => Promise<void>} run
 * @param {Machine} [machine] */
export async function aptInstall(names, run, machine = THIS_MACHINE) {
  const env = { ...machine.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  const packages = [...new Set(names.flatMap((name) => row(name).debian))]
  await run('apt-get', [...wait, 'update'], env)
  await run('apt-get', [...wait, 'install', '--yes', '--no-install-recommends', ...packages], env)
}

/** @param {Engine} engine @param {Machine} machine */
const choice = ({ override }, { env }) => (override ? env[override] : undefined)

/** @param {string} name */
function row(name) {
  const engine = ENGINES[name]
  if (!engine) throw new Error(`No engine is called ${name}.`)
  return engine
}
