import type { BffOptions } from '../bff/index.ts'
import type { BffOption } from './mount-bff.ts'

/** A secret as options hold it; a function is asked once in every build. */
type SecretOption = BffOptions['providers'][string]['client_secret'] | undefined

/** Which secrets a build must not contain. */
export interface GuardOptions {
  readonly bff?: BffOption | undefined
  readonly secrets?: Readonly<Record<string, string | undefined>> | undefined
}

type BffSecrets = Pick<BffOptions, 'providers' | 'cookieSecret'>

/** Secrets by name, and the names of those that have no value where the build runs. */
export interface Secrets {
  readonly values: Readonly<Record<string, string>>
  readonly missing: readonly string[]
}

/** Names what went wrong without the words of an error, which may quote a secret. */
const kindOf = (error: unknown): string =>
  error instanceof Error ? String((error as NodeJS.ErrnoException).code ?? error.name) : typeof error

function refuse(what: string, error: unknown): never {
  throw new Error(`${what} (${kindOf(error)}), so this build cannot be checked for it.`)
}

/** Makes the options of the BFF for a build: it has no origin, so this machine's stands in. */
function make(bff: (origin: string) => BffSecrets): BffSecrets {
  try {
    return bff('http://localhost')
  } catch (error) {
    return refuse('The function "bff" failed', error)
  }
}

function namedInBff(bff: BffSecrets): [name: string, secret: SecretOption][] {
  const { providers, cookieSecret } = bff
  if (typeof providers !== 'object')
    throw new Error('The option "bff" has no "providers" to take secrets from.')
  const keys = [cookieSecret].flat()
  return [
    ...Object.entries(providers).map(([name, { client_secret }]): [string, SecretOption] => [
      `providers.${name}.client_secret`,
      client_secret,
    ]),
    ...keys.map((key, i): [string, SecretOption] => [
      keys.length > 1 ? `cookieSecret[${i}]` : 'cookieSecret',
      key,
    ]),
  ]
}

function named({ bff, secrets = {} }: GuardOptions): [name: string, secret: SecretOption][] {
  const inBff = bff && namedInBff(typeof bff === 'function' ? make(bff) : bff)
  return [...(inBff ?? []), ...Object.entries(secrets)]
}

async function read(name: string, secret: SecretOption): Promise<string | undefined> {
  if (typeof secret !== 'function') return secret
  try {
    return await secret()
  } catch (error) {
    return refuse(`The secret "${name}" could not be read`, error)
  }
}

/** Reads all secrets that are configured; one that cannot be read is an error, since a build that was not checked must not pass. */
export async function readSecrets(options: GuardOptions): Promise<Secrets> {
  const pairs = await Promise.all(
    named(options).map(async ([name, secret]) => [name, await read(name, secret)] as const),
  )
  const values = Object.fromEntries(pairs.flatMap(([name, value]) => (value ? [[name, value]] : [])))
  return { values, missing: pairs.flatMap(([name, value]) => (value ? [] : [name])) }
}
