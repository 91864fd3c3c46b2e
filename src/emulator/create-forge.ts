import { buildForge, type Forge, type ForgeOptions } from './forge.ts'
import { gitlab } from './gitlab/gitlab.ts'

/** The forges that can be emulated. */
const emulations = { gitlab }

/** The name of a forge that can be emulated. */
export type ForgeName = keyof typeof emulations

/**
 * Builds a forge in memory that answers as the real one does, without network or registration. For development and tests
 * only: its passwords are public and its tokens are worth nothing. Throws for a name or a basePath that cannot be.
 * @example
 * const forge = createForge('gitlab', { basePath: '/forge/gitlab' })
 * const response = await forge.fetch(new Request('http://localhost/forge/gitlab/oauth/token', { method: 'POST' }))
 */
export function createForge(name: ForgeName, options: ForgeOptions = {}): Forge {
  const { basePath = '' } = options
  if (!Object.hasOwn(emulations, name)) {
    throw new TypeError(`There is no forge "${name}": take one of ${Object.keys(emulations).join(', ')}.`)
  }
  if (!/^(\/.*[^/])?$/.test(basePath)) {
    throw new TypeError(`The basePath "${basePath}" must start with a slash and not end with one.`)
  }
  return buildForge(emulations[name], options)
}
