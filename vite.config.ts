import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin, runnerImport, type UserConfig } from 'vite'
import type { TestProjectConfiguration } from 'vitest/config'
import { forgepass } from './src/vite/index.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What the package exports, and its command; each entry keeps its place under `dist`. */
const entries = [
  'index',
  'provider/index',
  'bff/index',
  'extension',
  'emulator/index',
  'node/index',
  'vite/index',
  'cli/forgepass',
]

/** Mounts the demo's forges and its BFF, whose files import the package by its name as an application's would. */
async function mountBackend(): Promise<Plugin[]> {
  const { module } = await runnerImport<typeof import('./demo/server/index.ts')>(
    here('demo/server/index.ts'),
    { configFile: false, root: here('.'), resolve: { tsconfigPaths: true } },
  )
  const { forges, bff } = module
  return forgepass({
    forges: Object.fromEntries(Object.values(forges).map((forge) => [forge.basePath, forge])),
    bff,
  })
}

/** Says below the address what to do there. */
const whatToClick: Plugin = {
  name: 'what-to-click',
  configureServer(server) {
    const { printUrls } = server
    server.printUrls = () => {
      printUrls()
      server.config.logger.info(
        '  Open it, press "Sign in with GitLab", choose Ada and press "Authorize".\n' +
          '  The other forges, a server that keeps the secret and a popup are above that button.',
      )
    }
  },
}

/** What the built demo is served with: it runs under the strictest policy, and the tests hold it to that. */
const headers = {
  'content-security-policy': [
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** `npm start`: the demo, which imports the package by its name and gets the sources. */
const demo = (): UserConfig => ({
  root: here('demo'),
  resolve: { tsconfigPaths: true },
  // The sources lie beside the demo, where the server would not look by itself.
  server: { host: 'localhost', port: 5173, strictPort: false, fs: { allow: [here('.')] } },
  build: {
    outDir: here('.cache/demo'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
  preview: { host: 'localhost', headers },
  plugins: [mountBackend(), whatToClick],
})

/** `npm run build`: one module per source file, so that a consumer's bundler takes only what is used. */
const library: UserConfig = {
  publicDir: false,
  build: {
    target: 'es2022',
    minify: false,
    lib: { entry: entries.map((entry) => here(`src/${entry}.ts`)), formats: ['es'] },
    rolldownOptions: {
      // Everything that is named and not pathed: the dependencies, Vite and Node's own modules.
      // But not what the compiler itself adds, which no dependency of ours brings.
      external: (id) => !/^([.\0]|@oxc-project\/runtime)/.test(id) && !isAbsolute(id),
      output: { preserveModules: true, preserveModulesRoot: here('src'), entryFileNames: '[name].js' },
    },
  },
}

const project = (name: string, include: string[], more: object = {}): TestProjectConfiguration => ({
  extends: true,
  test: { name, include, ...more },
})

/** `vitest`: the suites that scripts/suites.mjs names. */
const tests: UserConfig = {
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      project('unit', ['test/**/*.test.ts'], {
        exclude: ['test/{package,soak,e2e,engines,hosts,doorkeeper}/**', '**/*.dom.test.ts'],
      }),
      project('dom', ['test/**/*.dom.test.ts'], { environment: 'happy-dom' }),
      // Both build and pack, which takes seconds and not milliseconds.
      project('package', ['test/package/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000 }),
      // They drive a real browser, one after another on a screen that each file has for itself.
      project('engines', ['test/engines/**/*.test.ts'], {
        ...{ testTimeout: 90_000, hookTimeout: 60_000 },
        expect: { poll: { timeout: 10_000 } },
      }),
      project('doorkeeper', ['test/doorkeeper/**/*.test.ts'], { testTimeout: 30_000, hookTimeout: 60_000 }),
      project('soak', ['test/soak/**/*.test.ts'], { testTimeout: 300_000 }),
    ],
  },
}

export default defineConfig(({ mode }) => {
  if (mode === 'lib') return library
  return mode === 'test' ? tests : demo()
})
