import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Machine } from '../../scripts/engines.mjs'
import {
  isCI,
  isInstalled,
  main,
  nodeProblem,
  npm,
  readyEngines,
  readyPackages,
} from '../../scripts/ready.mjs'

const SHELL = '/usr/bin/chromium-headless-shell'

let root: string
let files: string[]
let runs: string[]
let said: string[]
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'forgepass-ready-'))
  writeFileSync(join(root, 'package-lock.json'), '{}')
  mkdirSync(join(root, 'test/e2e'), { recursive: true })
  files = []
  runs = []
  said = []
})
afterEach(() => rmSync(root, { recursive: true }))

/** A folder and a machine on which commands are written down and do what they would. */
function seams(env: NodeJS.ProcessEnv = {}, more: Partial<Machine> = {}) {
  const machine: Machine = {
    env,
    platform: 'linux',
    uid: 0,
    exists: (path) => files.includes(path),
    osRelease: () => 'ID=debian\n',
    playwrightPath: () => Promise.reject(new Error('none')),
    ...more,
  }
  const run = async (command: string, args: string[]) => {
    runs.push([command, ...args].join(' '))
    if (args.includes('ci')) mkdirSync(join(root, 'node_modules'), { recursive: true })
    if (args.includes('chromium-headless-shell')) files.push(SHELL)
    if (args.includes('chromium')) files.push('/usr/bin/chromium')
  }
  return { root, nodeVersion: '20.20.2', arch: 'x64', machine, run, say: (text: string) => said.push(text) }
}

describe('nodeProblem', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('accepts %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined()
  })
  it.each(['18.20.4', '20.18.3', '20.9.0', '0.12.18'])('explains what is wrong with %s', async (version) => {
    expect(nodeProblem(version)).toMatch(`needs Node 20.19 or newer and runs on ${version}.`)
    expect(await main([], { ...seams(), nodeVersion: version })).toBe(1)
    expect(runs).toEqual([])
  })
})

describe('the packages', () => {
  it('are installed once, with those for development', async () => {
    await readyPackages(seams({ NODE_ENV: 'production' }))
    await readyPackages(seams())
    expect(runs).toEqual(['npm ci --include=dev --no-audit --no-fund'])
  })

  it.each([
    ['the lock file', () => writeFileSync(join(root, 'package-lock.json'), '{ }'), {}],
    ['the Node version', () => {}, { nodeVersion: '22.1.0' }],
    ['the processor', () => {}, { arch: 'arm64' }],
    ['node_modules', () => rmSync(join(root, 'node_modules'), { recursive: true }), {}],
  ])('are installed again after a change of %s', async (_, change, more) => {
    await readyPackages(seams())
    change()
    await readyPackages({ ...seams(), ...more })
    expect(runs).toHaveLength(2)
  })

  it('are not taken for installed when the installation failed', async () => {
    await readyPackages(seams())
    writeFileSync(join(root, 'package-lock.json'), '{ }')
    const failing = { ...seams(), run: () => Promise.reject(new Error('npm ci failed')) }
    await expect(readyPackages(failing)).rejects.toThrow('npm ci failed')
    writeFileSync(join(root, 'package-lock.json'), '{}')
    expect(isInstalled(seams())).toBe(false)
    expect(readdirSync(join(root, '.cache'))).toEqual([])
  })

  it('are installed once by two commands that start together', async () => {
    const slow = async (command: string, args: string[]) => {
      expect(existsSync(join(root, '.cache/ready.lock'))).toBe(true)
      await new Promise((done) => setTimeout(done, 30))
      await seams().run(command, args)
    }
    await Promise.all([readyPackages({ ...seams(), run: slow }), readyPackages({ ...seams(), run: slow })])
    expect(runs).toHaveLength(1)
  })

  it('come by the npm that started the command', () => {
    const { machine } = seams({ npm_execpath: '/opt/npm/bin/npm-cli.js' })
    expect(npm(['ci'], machine).slice(0, 2)).toEqual([process.execPath, ['/opt/npm/bin/npm-cli.js', 'ci']])
    expect(npm(['ci'], seams({ npm_execpath: '/opt/pnpm.cjs' }).machine)[0]).toBe('npm')
    expect(npm(['ci'], seams({}, { platform: 'win32' }).machine)[0]).toBe('cmd.exe')
  })
})

describe('the browsers', () => {
  it('are left alone by the start of the demo', async () => {
    files = ['/usr/bin/apt-get']
    expect(await main([], seams({ CI: 'true' }))).toBe(0)
    expect(runs).toEqual(['npm ci --include=dev --no-audit --no-fund'])
  })

  it('are installed for the tests where apt may', async () => {
    files = ['/usr/bin/apt-get']
    expect(await main(['--tests'], seams({ CI: 'true' }))).toBe(0)
    expect(runs).toHaveLength(3)
    expect(runs[2]).toMatch(/ chromium-headless-shell chromium$/)
    expect(await main(['--tests'], seams({ CI: 'true' }))).toBe(0)
    expect(runs).toHaveLength(3)
  })

  it('are asked for elsewhere, which fails in continuous integration alone', async () => {
    expect(await main(['--tests'], seams({}, { uid: 1000 }))).toBe(0)
    expect(await main(['--tests'], seams({ CI: 'true' }, { uid: 1000 }))).toBe(0)
    const wants = ['chromium-headless-shell', 'chromium'].map(
      (name) => `Missing: ${name}. To install it: sudo apt-get install --no-install-recommends ${name}`,
    )
    expect(said.filter((text) => text.startsWith('Missing'))).toEqual([...wants, ...wants])
  })

  it('stay missing when apt fails', async () => {
    files = ['/usr/bin/apt-get']
    const failing = { ...seams(), run: () => Promise.reject(new Error('apt-get failed')) }
    expect(await readyEngines(['chromium-headless-shell'], failing)).toEqual(['chromium-headless-shell'])
    expect(said).toContain('apt-get failed')
  })

  it('know continuous integration', () => {
    expect([{}, { CI: '' }, { CI: '0' }, { CI: 'false' }, { CI: 'true' }, { CI: '1' }].map(isCI)).toEqual([
      ...[false, false, false, false],
      ...[true, true],
    ])
  })
})
