import { describe, expect, it } from 'vitest'
import { aptInstall, findEngine, howToInstall, installable, type Machine } from '../../scripts/engines.mjs'

const SHELL = 'chromium-headless-shell'

/** A machine that has these files and nothing else. */
function machine(files: string[], more: Partial<Machine> = {}): Machine {
  return {
    env: {},
    platform: 'linux',
    uid: 0,
    exists: (path) => files.includes(path),
    osRelease: () => 'NAME="Debian GNU/Linux"\nID=debian\n',
    playwrightPath: async () => '/cache/chromium-1/chrome',
    ...more,
  }
}

describe('findEngine', () => {
  const all = ['/mine', '/cache/chromium-1/chrome', '/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

  it('takes the override, then the download of Playwright, then the paths of the system', async () => {
    expect(await findEngine(SHELL, machine(all, { env: { FORGEPASS_CHROMIUM: '/mine' } }))).toBe('/mine')
    expect(await findEngine(SHELL, machine(all))).toBe(all[1])
    expect(await findEngine(SHELL, machine(all.slice(2)))).toBe(all[2])
    expect(await findEngine(SHELL, machine(all.slice(3)))).toBe(all[3])
    expect(await findEngine(SHELL, machine([]))).toBeUndefined()
  })

  it('does not take the headless shell for the full browser', async () => {
    expect(await findEngine('chromium', machine(all.slice(2)))).toBe('/usr/bin/chromium')
    expect(await findEngine('chromium', machine(all.slice(2, 3)))).toBeUndefined()
  })

  it('does not take for extensions the Chrome of Google, which loads none from a folder', async () => {
    const chrome = machine(['/usr/bin/google-chrome'])
    expect(await findEngine(SHELL, chrome)).toBe('/usr/bin/google-chrome')
    expect(await findEngine('chromium', chrome)).toBeUndefined()
  })

  it('does not replace an override that leads nowhere', async () => {
    const lost = machine(all, { env: { FORGEPASS_CHROMIUM: '/gone' } })
    expect(await findEngine(SHELL, lost)).toBeUndefined()
    expect(installable([SHELL], lost)).toEqual([])
    expect(howToInstall(SHELL, lost)).toContain('/gone')
  })

  it('does without Playwright while that is not installed', async () => {
    const bare = machine(all.slice(2), { playwrightPath: () => Promise.reject(new Error('no such package')) })
    expect(await findEngine(SHELL, bare)).toBe(all[2])
  })

  it('knows where other systems keep a browser', async () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    expect(await findEngine(SHELL, machine([mac], { platform: 'darwin' }))).toBe(mac)
  })

  it('takes for Firefox the one that is released, not the one that Playwright downloads', async () => {
    const released = ['/usr/bin/firefox-esr', '/usr/bin/firefox']
    expect(await findEngine('firefox', machine([...all, ...released]))).toBe(released[0])
    expect(await findEngine('firefox', machine(released.slice(1)))).toBe(released[1])
    expect(await findEngine('firefox', machine(all))).toBeUndefined()
    const own = machine([...released, '/mine'], { env: { FORGEPASS_FIREFOX: '/mine' } })
    expect(await findEngine('firefox', own)).toBe('/mine')
    const mac = '/Applications/Firefox.app/Contents/MacOS/firefox'
    expect(await findEngine('firefox', machine([mac], { platform: 'darwin' }))).toBe(mac)
  })

  it('takes an engine only with everything that it does not run without', async () => {
    const browser = '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser'
    const parts = ['/usr/bin/WebKitWebDriver', browser, '/usr/bin/Xvfb']
    expect(await findEngine('webkitgtk', machine(parts))).toBe(parts[0])
    for (const part of parts) {
      const rest = parts.filter((other) => other !== part)
      expect(await findEngine('webkitgtk', machine(rest))).toBeUndefined()
    }
  })
})

describe('a server instead of a browser', () => {
  const packages = ['ruby-doorkeeper', 'ruby-doorkeeper-openid-connect', 'ruby-railties', 'ruby-actionpack']
  const files = [...packages, 'ruby-activerecord', 'ruby-sqlite3:arm64', 'puma', 'ruby-rack-cors'].map(
    (name) => `/var/lib/dpkg/info/${name}.list`,
  )

  it('is there when all of its packages are', async () => {
    expect(await findEngine('doorkeeper', machine(['/usr/bin/ruby', ...files]))).toBe('/usr/bin/ruby')
    expect(await findEngine('doorkeeper', machine(['/usr/bin/ruby', ...files.slice(1)]))).toBeUndefined()
    expect(howToInstall('doorkeeper', machine([]))).toContain('--no-install-recommends ruby-doorkeeper ruby-')
  })

  it('is on other systems a ruby that somebody names', async () => {
    const own = machine(['/opt/ruby'], { platform: 'darwin', env: { FORGEPASS_RUBY: '/opt/ruby' } })
    expect(await findEngine('doorkeeper', own)).toBe('/opt/ruby')
    const bare = machine([], { platform: 'darwin', osRelease: () => '' })
    expect(howToInstall('doorkeeper', bare)).toMatch(/^gem install doorkeeper:/)
  })
})

describe('a missing engine', () => {
  it('is installed by apt alone, as root', () => {
    const apt = ['/usr/bin/apt-get']
    expect(installable([SHELL], machine(apt))).toEqual([SHELL])
    expect(installable([SHELL], machine(apt, { uid: 1000 }))).toEqual([])
    expect(installable([SHELL], machine([]))).toEqual([])
    expect(installable([SHELL], machine(apt, { platform: 'darwin' }))).toEqual([])
  })

  it('is else a command to type', () => {
    const command = 'apt-get install --no-install-recommends chromium-headless-shell'
    expect(howToInstall(SHELL, machine([]))).toBe(command)
    expect(howToInstall(SHELL, machine([], { uid: 1000 }))).toBe(`sudo ${command}`)
    for (const osRelease of [() => 'ID=ubuntu\nID_LIKE=debian\n', () => '']) {
      expect(howToInstall(SHELL, machine([], { osRelease }))).toBe('npx playwright install chromium')
    }
  })

  it('is on a system without a package of ours something to get and to name', () => {
    expect(howToInstall('firefox', machine([]))).toBe('apt-get install --no-install-recommends firefox-esr')
    const elsewhere = machine([], { platform: 'darwin', osRelease: () => '' })
    expect(howToInstall('firefox', elsewhere)).toMatch(/^get Firefox ESR .* FORGEPASS_FIREFOX /)
  })

  it('is brought with all of its packages', () => {
    const command = 'apt-get install --no-install-recommends webkit2gtk-driver xvfb'
    expect(installable(['webkitgtk'], machine(['/usr/bin/apt-get']))).toEqual(['webkitgtk'])
    expect(howToInstall('webkitgtk', machine([], { uid: 1000 }))).toBe(`sudo ${command}`)
    const elsewhere = 'apt-get install webkit2gtk-driver xvfb, on Debian or Ubuntu'
    expect(howToInstall('webkitgtk', machine([], { platform: 'darwin', osRelease: () => '' }))).toBe(
      elsewhere,
    )
  })

  it('costs one update and one install, without questions', async () => {
    const runs: string[][] = []
    await aptInstall(
      [SHELL, 'chromium'],
      async (command, args, env) => {
        runs.push([command, ...args])
        expect(env.DEBIAN_FRONTEND).toBe('noninteractive')
      },
      machine([]),
    )
    const wait = ['apt-get', '-o', 'DPkg::Lock::Timeout=300']
    expect(runs).toEqual([
      [...wait, 'update'],
      [...wait, 'install', '--yes', '--no-install-recommends', 'chromium-headless-shell', 'chromium'],
    ])
  })
})
