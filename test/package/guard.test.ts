import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { bffWith, buildGuarded, type Files } from './guarded.ts'

const SECRET = 'gk-5ecret-of-the-app'
const basic = Buffer.from(`id:${SECRET}`).toString('base64')
const bff = bffWith(SECRET)
const guarded = (files: Files, vite = {}) => buildGuarded(files, { bff, vite })

/** Takes the hash out of names. */
const steady = (text: string) => text.replace(/-[\w-]{8}(?=\.\w+)/g, '-HASH')

const says = (file: string, from: string) =>
  `forgepass: ${file} contains the secret "providers.gitkraken.client_secret", from ${from}. ` +
  'Import it only in server code, and reset it if this build was published.'
const fromConfig = (file: string) => says(file, 'src/config.ts, variable "clientSecret"')

const use = `import { clientSecret } from './config.ts'; fetch('/', { headers: { a: clientSecret, b: clientSecret } })`
const config = { 'src/config.ts': `export const clientSecret: string = '${SECRET}'` }
const leak = { ...config, 'src/main.ts': use }

describe('a build fails whose client output holds a secret', () => {
  test.each<[string, Files, string]>([
    ['in a chunk', leak, fromConfig('assets/index-HASH.js')],
    [
      'in a chunk that is loaded later',
      { ...config, 'src/late.ts': use, 'src/main.ts': `import('./late.ts')` },
      fromConfig('assets/late-HASH.js'),
    ],
    [
      'in a worker',
      {
        ...config,
        'src/worker.ts': use,
        'src/main.ts': `new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })`,
      },
      fromConfig('assets/worker-HASH.js'),
    ],
    [
      'in a Basic header',
      { 'src/main.ts': `const authorization = 'Basic ${basic}'; fetch('/', { headers: { authorization } })` },
      says('assets/index-HASH.js', 'src/main.ts, variable "authorization"').replace('",', '", in base64,'),
    ],
    [
      'in JSON',
      { 'src/a.json': `{ "key": "${SECRET}" }`, 'src/main.ts': `import a from './a.json'; console.log(a)` },
      says('assets/index-HASH.js', 'src/a.json, variable "key"'),
    ],
    [
      'in a style sheet',
      { 'src/a.css': `.a { --key: '${SECRET}' }`, 'src/main.ts': `import './a.css'` },
      says('assets/index-HASH.css', 'src/a.css, variable "--key"'),
    ],
    [
      'in the page',
      { 'index.html': `<!doctype html><title>App</title><meta name="key" content="${SECRET}">` },
      says('index.html', 'index.html, variable "content"'),
    ],
    [
      'in an image that is put into a chunk',
      {
        'src/a.svg': `<svg xmlns="http://www.w3.org/2000/svg"><text>${SECRET}</text></svg>`,
        'src/main.ts': `import url from './a.svg'; new Image().src = url`,
      },
      says('assets/index-HASH.js', 'src/a.svg').replace('",', '", in base64,'),
    ],
    [
      'in a text that is put into a chunk',
      { 'src/a.txt': `key=${SECRET}`, 'src/main.ts': `import a from './a.txt?raw'; console.log(a, a)` },
      says('assets/index-HASH.js', 'src/a.txt, variable "key"'),
    ],
    [
      'in a file of the public folder',
      { 'public/app/settings.json': `{ "client_secret": "${SECRET}" }` },
      says('app/settings.json', 'public/app/settings.json, variable "client_secret"'),
    ],
  ])('%s', async (_, files, error) => {
    const built = await guarded(files)
    expect(steady(built.error)).toBe(error)
    expect(built.output).not.toMatch(/gk-5|5ecret|-the-app/)
    expect(built.written).not.toContain('index.html')
  })

  it('in code into which the build puts it', async () => {
    const files = { 'src/main.ts': 'const key = SETTING; console.log(key, key)' }
    const { error } = await guarded(files, { define: { SETTING: JSON.stringify(SECRET) } })
    expect(steady(error)).toBe(says('assets/index-HASH.js', 'src/main.ts, variable "key"'))
  })

  it('in a module that a plugin makes', async () => {
    const load = (id: string) => (id === '\0settings' ? `export const key = '${SECRET}'` : undefined)
    const made = {
      name: 'made',
      resolveId: (id: string) => (id === 'settings' ? '\0settings' : undefined),
      load,
    }
    const files = { 'src/main.ts': `import { key } from 'settings'; console.log(key, key)` }
    const { error } = await buildGuarded(files, { bff, plugins: () => [made] })
    expect(steady(error)).toBe(says('assets/index-HASH.js', 'settings, variable "key"'))
  })

  test.each([
    [true, 'assets/index-HASH.js.map'],
    ['hidden', 'assets/index-HASH.js.map'],
    ['inline', 'assets/index-HASH.js'],
  ] as const)('in a source map alone (%s)', async (sourcemap, file) => {
    const files = {
      'src/config.ts': `// ${SECRET}\nexport const start = () => document.title`,
      'src/main.ts': `import { start } from './config.ts'; console.log(start(), start())`,
    }
    expect((await guarded(files)).error).toBe('')
    const { error } = await guarded(files, { build: { sourcemap } })
    expect(steady(error).replace(', in base64', '')).toBe(says(file, 'src/config.ts'))
  })

  it('in two chunks, each of which got it from its own module', async () => {
    const files = {
      'src/main.ts': `import('./late.ts'); const early = '${SECRET}'; console.log(early, early)`,
      'src/late.ts': `const late = '${SECRET}'; console.log(late, late)`,
    }
    const { error } = await guarded(files, { build: { sourcemap: true } })
    expect(steady(error).split('\n').sort()).toEqual([
      says('assets/index-HASH.js', 'src/main.ts, variable "early"'),
      says('assets/index-HASH.js.map', 'src/main.ts, variable "early"'),
      says('assets/late-HASH.js', 'src/late.ts, variable "late"'),
      says('assets/late-HASH.js.map', 'src/late.ts, variable "late"'),
    ])
  })

  it('where Vite is told not to write', async () => {
    const { error } = await guarded(leak, { build: { write: false } })
    expect(steady(error)).toBe(fromConfig('assets/index-HASH.js'))
  })

  it('in each format of a library', async () => {
    const lib = {
      entry: 'src/main.ts',
      formats: ['es', 'cjs'],
      fileName: (format: string) => `app.${format}`,
    }
    const files = { ...config, 'src/main.ts': `export * from './config.ts'` }
    expect((await guarded(files, { build: { lib } })).error).toBe(fromConfig('app.es'))
  })

  it.each(['writeBundle', 'closeBundle'])('in what another plugin adds in its %s', async (hook) => {
    const add = (root: string) => () => writeFileSync(join(root, 'dist/late.html'), `<p>${SECRET}`)
    const late = (root: string) => [{ name: 'late', [hook]: add(root) }]
    // The server's folder is the page's own, unless it is set.
    const vite = { environments: { ssr: {} } }
    const { error, stack } = await buildGuarded({}, { bff, plugins: late, vite })
    expect(error).toMatch(/^forgepass: late.html contains the secret "providers.gitkraken.client_secret"\. /)
    expect(stack).toContain(error)
  })

  it('however it is written', async () => {
    const client_secret = `5/ecr+t&of="the"é`
    const json = JSON.stringify(client_secret)
    const files = {
      'src/a.ts': `export const a = ${json}; export const b = '${encodeURIComponent(client_secret)}'`,
      'src/main.ts': `import { a, b } from './a.ts'; console.log(a, b, ${json.replace('e', '\\u0065')})`,
    }
    const { error } = await buildGuarded(files, { bff: bffWith(client_secret) })
    expect(error).toContain('contains the secret "providers.gitkraken.client_secret"')
  })
})

it('all that was found is listed', async () => {
  const files = {
    'src/config.ts': `export const one = '${SECRET}'; export const key = 'another-secret'`,
    'src/main.ts': `import { one, key } from './config.ts'; console.log(one, one, key, key)`,
    'public/a.txt': SECRET,
    'public/b.txt': bff.cookieSecret,
  }
  const { error } = await buildGuarded(files, { bff, secrets: { 'my key': 'another-secret' } })
  const parts = /: (.*) contains the secret "(.*?)".*? from (.*?)[.,] /
  expect(error.split('\n').map((line) => parts.exec(steady(line))?.slice(1))).toEqual([
    ['assets/index-HASH.js', 'providers.gitkraken.client_secret', 'src/config.ts'],
    ['assets/index-HASH.js', 'my key', 'src/config.ts'],
    ['a.txt', 'providers.gitkraken.client_secret', 'public/a.txt'],
    ['b.txt', 'cookieSecret', 'public/b.txt'],
  ])
})

it('a file with the secret as its name is not called by it', async () => {
  const { error, output } = await buildGuarded(
    { 'public/5ecret-name.txt': '' },
    { secrets: { a: '5ecret-name' } },
  )
  expect(error).toMatch(/^forgepass: ….txt contains the secret "a"/)
  expect(output).not.toContain('5ecret-name')
})
