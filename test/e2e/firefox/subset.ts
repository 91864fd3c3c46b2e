/** Tests by their file. */
export type Subset = Readonly<Record<string, readonly string[]>>

/** The tests that run in Firefox too: of each, words of its title, that of what it stands in included. */
export const SUBSET: Subset = {
  'oidc-provider/sign-in.spec.ts': [
    'signs in, shows the person and reads the API',
    'proves itself with PKCE and sends the code once',
    'leaves nothing of a finished sign-in in the page',
    'tells the person that they said no',
    'signs out here and at the server',
    'is still signed in after a reload, and in a new tab',
    'signs out every tab',
  ],
  'oidc-provider/callback.spec.ts': [
    'refuses an answer from another server',
    'sends no code twice when its address is opened again',
    'a used address leads to the session it won',
  ],
  'oidc-provider/refresh.spec.ts': [
    'refreshes with rotation when the token has run out',
    'sends one request for two tabs at once',
  ],
  'oidc-provider/tabs.spec.ts': ['they are renewed before their end, once for all tabs'],
  'oidc-provider/openid.spec.ts': ['shows who signed in by the claims of the ID token'],
  'popup/sign-in.spec.ts': [
    'gitlab, client on the callback page, severed by nobody',
    'gitlab, client on the callback page, severed by the forge',
    'gitlab, relay on the callback page, severed by both',
    'a denial at gitlab',
  ],
  'popup/deliveries.spec.ts': [
    'comes back without BroadcastChannel',
    'comes back without an opener',
    'with the client on the callback page tells a window of another origin nothing',
  ],
  'popup/ends.spec.ts': [
    'a popup that the person closes ends nothing until they cancel',
    'cancelling closes the popup, and a second try works',
    'a blocked popup says so',
    'a popup that has read closed for a minute still signs in',
  ],
  'popup/forged.spec.ts': ['takes no message of another origin'],
  'bff/sign-in.spec.ts': [
    'by redirect, severed by nobody',
    'by popup, severed by the forge',
    'sets cookies that no script reads and no other site sends',
    'comes without the session, and its own request has it',
    'signs the other tabs out without a reload',
  ],
  'bff/strangers.spec.ts': ['a link on a page at 127.0.0.1', 'a planted cookie never becomes a session'],
  'forges/bodies.spec.ts': [
    'when the token goes into the address',
    'beside a personal token in a header of its own',
    'token in the header gets a body that was given apart once more',
    'token in the address gets a body that was given apart once more',
  ],
  'forges/forges.spec.ts': [
    'GitLab · token in the address',
    'GitLab, documented · page: implicit',
    'GitHub · page: personal token',
    'GitShare · BFF: pasted code',
  ],
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Gives what the full titles of these tests match, which begin with their files. */
export const titlesOf = (subset: Subset): RegExp[] =>
  Object.entries(subset).flatMap(([file, titles]) =>
    titles.map((words) => new RegExp(`${escaped(file)} .*${escaped(words)}`)),
  )
