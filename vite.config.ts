import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'vite'
import type { TestProjectConfiguration } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What the package exports, and its command; each entry keeps its place under `dist`. */
const entries = ['index', 'provider/index', 'emulator/index', 'node/index', 'vite/index', 'cli/forgepass']

/** `npm start`: the demo, which imports the package by its name and gets the sources. */
const demo: UserConfig = {
  root: here('demo'),
  resolve: { tsconfigPaths: true },
  server: { host: 'localhost', port: 5173, strictPort: false },
  build: { outDir: here('.cache/demo'), emptyOutDir: true, target: 'es2022' },
  plugins: [],
}

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
        exclude: ['test/{package,soak,e2e,engines,hosts}/**', '**/*.dom.test.ts'],
      }),
      project('dom', ['test/**/*.dom.test.ts'], { environment: 'happy-dom' }),
      // Both build and pack, which takes seconds and not milliseconds.
      project('package', ['test/package/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('soak', ['test/soak/**/*.test.ts'], { testTimeout: 300_000 }),
    ],
  },
}

export default defineConfig(({ mode }) => {
  if (mode === 'lib') return library
  return mode === 'test' ? tests : demo
})
