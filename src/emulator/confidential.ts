import type { Client } from './client.ts'

/** Refuses an application without a secret, where the forge registers none. */
export function demandSecrets(clients: readonly Client[], { forge }: { forge: string }): void {
  const open = clients.find(({ client_secret }) => !client_secret)
  if (open) throw new TypeError(`${forge} knows no application without a secret: "${open.client_id}".`)
}
