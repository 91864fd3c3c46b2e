import type { Forge } from 'forgepass/emulator'
import { forges } from './forges.ts'

/** Finds the application with a secret that a forge knows; a real one is registered by hand, its secret kept in the environment. */
function appAt({ name, clients }: Forge) {
  for (const { client_id, client_secret } of clients) if (client_secret) return { client_id, client_secret }
  throw new Error(`${name} knows no application that has a secret.`)
}

export const apps = {
  gitlab: appAt(forges.gitlab),
  gitea: appAt(forges.gitea),
  gitkraken: appAt(forges.gitkraken),
}

/** New at each start: the forges forget everybody then, too. */
export const cookieSecret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
