import type { Identity, StorageArea } from 'forgepass/extension'

/** Who sends a message; `url` is that of the page it comes from. */
interface Sender {
  readonly url?: string
}

/** What the extension uses of Chrome. */
export interface Chrome {
  readonly identity: Identity & { getRedirectURL(): string }
  readonly storage: { readonly local: StorageArea; readonly session: StorageArea }
  readonly runtime: {
    getURL(path: string): string
    sendMessage(message: unknown): Promise<unknown>
    readonly onMessage: {
      addListener(
        listener: (message: Message, sender: Sender, reply: (answer: Answer) => void) => unknown,
      ): void
    }
  }
}

/** What a page of the extension asks of its worker; `renew` signs in without a window. */
export type Task = 'login' | 'logout' | 'read' | 'renew' | 'session'

/** What is sent between the worker and the pages; the worker says `changed`. */
export interface Message {
  readonly type: Task | 'changed'
}

/** What the worker answers. */
export interface Answer {
  readonly value?: unknown
  readonly error?: { readonly code: string; readonly error?: string; readonly hint: string }
}
