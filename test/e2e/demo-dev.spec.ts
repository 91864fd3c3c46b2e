import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { expect, expectSignedIn, signIn, test } from './demo.ts'
import { signInByRedirect } from './demo-person.ts'
import { freePort } from './free-port.ts'

let server: ChildProcess
let output = ''
let address = ''

test.beforeAll(async () => {
  const port = await freePort()
  address = `http://127.0.0.1:${port}`
  const args = ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', `${port}`, '--strictPort']
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  server = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  server.stdout?.on('data', (chunk) => {
    output += stripVTControlCharacters(`${chunk}`)
  })
})

test.afterAll(async () => {
  server.kill()
  await once(server, 'exit')
})

test('the development server says what to click, and the demo signs in there, through its server too', async ({
  browser,
}) => {
  await expect.poll(() => output, { timeout: 20_000 }).toContain('Sign in with GitLab')
  expect(output).toContain(address)
  const context = await browser.newContext({ baseURL: address })
  const page = await context.newPage()
  await signIn(page)
  await page.goto('/?forge=gitkraken&tokens=server')
  await signInByRedirect(page)
  await expectSignedIn(page, '?forge=gitkraken&tokens=server')
  await context.close()
})
