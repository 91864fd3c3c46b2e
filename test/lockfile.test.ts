import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Locked {
  readonly resolved?: string
  readonly integrity?: string
  readonly optionalDependencies?: Record<string, string>
}

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
const packages: Record<string, Locked> = JSON.parse(text).packages

describe('package-lock.json', () => {
  it('holds the optional packages of every platform, without which npm ci refuses to install on any', () => {
    const wanted = Object.values(packages).flatMap((locked) => Object.keys(locked.optionalDependencies ?? {}))
    const missing = wanted.filter(
      (name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)),
    )
    expect(missing).toEqual([])
  })

  it('pins the content of every package and leaves the registry to whoever installs', () => {
    const dependencies = Object.entries(packages).filter(([path]) => path !== '')
    expect(dependencies.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([])
    expect(dependencies.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([])
  })
})
