import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { forgepass } from '../../src/vite/index.ts'

const SECRET = 'gk-5ecret-of-the-app'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'forgepass-guard-watch-'))
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>App</title>')
})
afterEach(() => rmSync(root, { recursive: true }))

/** Builds while watching, and gives what became of the first build. */
async function watchOnce(plugin: object): Promise<string> {
  const plugins = [{ name: 'late', ...plugin }, forgepass({ secrets: { key: SECRET } })]
  const config = { root, configFile: false, logLevel: 'silent', build: { watch: {} }, plugins } as const
  const watcher = await build({ ...config, plugins: [...plugins] })
  if (!('on' in watcher)) throw new Error('Vite does not watch')
  const result = await new Promise<string>((resolve) =>
    watcher.on('event', (event) => {
      if (event.code === 'ERROR') resolve(event.error.message)
      if (event.code === 'END') resolve('')
    }),
  )
  // What happens at the close of a build comes after its end.
  await new Promise((done) => setTimeout(done, 100))
  await watcher.close()
  return result
}

it('a build while watching fails too, and the watching goes on', async () => {
  const writeBundle = () => writeFileSync(join(root, 'dist/late.html'), `<p>${SECRET}`)
  expect(await watchOnce({ writeBundle })).toContain('forgepass: late.html contains the secret "key".')
  expect(await watchOnce({})).toBe('')
})
