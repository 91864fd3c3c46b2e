// @ts-check
import { realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'
import { ON_DEMAND, SIZE_ENTRIES } from './size-entries.mjs'

/** @typedef {import('./size-entries.mjs').SizeEntry} SizeEntry */
/** @typedef {import('vite').Rolldown.OutputChunk} OutputChunk */

/**
 * @typedef {object} Size
 * @property {string} name
 * @property {number} min
 * @property {number} gzip
 * @property {number} brotli
 * @property {number} budget
 * @property {number} ceiling
 * @property {number} left
 * @property {string[]} modules the files that are in it, from the project's root
 */

/** @typedef {Size & { code: string }} Measured */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const VIRTUAL = '\0size-entry'

/** Builds one entry as an application would, minified, and weighs every chunk of it.
 * @param {SizeEntry} entry
 * @param {string} [root] the folder whose `src` is measured
 * @returns {Promise<Measured>} */
export async function measure(entry, root = ROOT) {
  const all = await bundle(entry, root)
  const isPart = (/** @type {OutputChunk} */ chunk) => modulesOf(chunk, root).includes(ON_DEMAND)
  // Also what is loaded on demand: a promise of size must not be kept by moving code behind import(). But what has a row of
  // its own is weighed there.
  const chunks = all.filter((chunk) => isPart(chunk) === !!entry.part)
  const weights = chunks.map(({ code }) => weigh(code))
  const sum = (/** @type {'min' | 'gzip' | 'brotli'} */ key) =>
    weights.reduce((total, weight) => total + weight[key], 0)
  const brotli = sum('brotli')
  return {
    name: entry.name,
    min: sum('min'),
    gzip: sum('gzip'),
    brotli,
    budget: entry.budget,
    ceiling: entry.ceiling ?? entry.budget,
    left: entry.budget - brotli,
    modules: [...new Set(chunks.flatMap((chunk) => modulesOf(chunk, root)))].sort(),
    code: chunks.map(({ code }) => code).join('\n'),
  }
}

/** @param {string} code */
function weigh(code) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
  return {
    min: Buffer.byteLength(code),
    gzip: gzipSync(code, { level: 9 }).length,
    brotli: brotliCompressSync(code, { params }).length,
  }
}

/** @param {SizeEntry} entry @param {string} root @returns {Promise<OutputChunk[]>} */
async function bundle(entry, root) {
  const result = await build({
    root,
    // Neither the project's own settings nor the person's may change a size.
    configFile: false,
    envFile: false,
    mode: 'production',
    logLevel: 'error',
    publicDir: false,
    plugins: [virtual(entry.source), bareImports],
    resolve: { alias: aliases(root) },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: VIRTUAL, preserveEntrySignatures: 'strict', output: { comments: false } },
    },
  })
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []))
  return outputs.filter((output) => output.type === 'chunk')
}

/** Leaves out what Vite adds for import(): an application has it once, whatever it loads. @type {import('vite').Plugin} */
const bareImports = {
  name: 'bare-imports',
  enforce: 'pre',
  load: (id) =>
    id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : undefined,
}

/** @param {string} source @returns {import('vite').Plugin} */
function virtual(source) {
  return {
    name: 'size-entry',
    resolveId: (id) => (id === VIRTUAL ? { id, moduleSideEffects: true } : undefined),
    load: (id) => (id === VIRTUAL ? source : undefined),
  }
}

/** @param {string} root */
function aliases(root) {
  return [
    { find: /^forgepass$/, replacement: join(root, 'src/index.ts') },
    { find: /^forgepass\/providers$/, replacement: join(root, 'src/provider/index.ts') },
    { find: /^forgepass\/extension$/, replacement: join(root, 'src/extension.ts') },
  ]
}

/** @param {OutputChunk} chunk @param {string} root */
function modulesOf(chunk, root) {
  const present = Object.entries(chunk.modules).filter(
    ([id, module]) => id !== VIRTUAL && module.renderedLength > 0,
  )
  return present.map(([id]) => {
    const path = relative(root, id).split(sep).join('/')
    return id.startsWith('\0') ? id.slice(1) : path.slice(Math.max(0, path.lastIndexOf('node_modules/')))
  })
}

/** Spells the sizes as a table, bytes in columns.
 * @param {Size[]} sizes */
export function table(sizes) {
  const rows = [['entry', 'min', 'gzip', 'brotli', 'budget', 'left']]
  for (const { name, ...n } of sizes) {
    rows.push([
      name,
      ...[n.min, n.gzip, n.brotli, n.budget, n.left].map((bytes) => bytes.toLocaleString('en-US')),
    ])
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const pad = (/** @type {string} */ cell, /** @type {number} */ column) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('  ')).join('\n')
}

/** @param {string[]} args */
async function main(args) {
  const measured = []
  for (const entry of SIZE_ENTRIES) measured.push(await measure(entry))
  const sizes = measured.map(({ code, ...size }) => size)
  console.log(args.includes('--json') ? JSON.stringify(sizes, null, 2) : table(sizes))
  return sizes.some(({ brotli, ceiling }) => brotli > ceiling) ? 1 : 0
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2))
}
