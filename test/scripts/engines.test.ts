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
