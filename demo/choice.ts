/** What there is to choose from; the first of each is the default. */
export const choices = {
  forge: ['gitlab', 'gitea', 'gitkraken'],
  tokens: ['browser', 'server'],
  flow: ['redirect', 'popup'],
} as const

/** Where to sign in, where the tokens are kept, and how the person gets there. */
export type Choice = { readonly [Name in keyof typeof choices]: (typeof choices)[Name][number] }

const pick = <T extends string>(known: readonly [T, ...T[]], value: string | null): T =>
  known.find((one) => one === value) ?? known[0]

/** Reads the choice from the query of an address; of a callback, which has no such query, the path names the forge. */
export function readChoice({ pathname, searchParams }: URL): Choice {
  const [, forge = searchParams.get('forge')] = /^\/callback\/(\w+)$/.exec(pathname) ?? []
  return {
    forge: pick(choices.forge, forge),
    tokens: pick(choices.tokens, searchParams.get('tokens')),
    flow: pick(choices.flow, searchParams.get('flow')),
  }
}

/** Writes the address of a choice: what is the default is left out. */
export function addressOf(choice: Choice): string {
  const names = Object.keys(choices) as (keyof Choice)[]
  const told = names.filter((name) => choice[name] !== choices[name][0])
  const query = new URLSearchParams(told.map((name) => [name, choice[name]]))
  return told.length > 0 ? `/?${query}` : '/'
}

/** Whether the choice leaves nobody to send anywhere: GitKraken has no sign-in for an app without a secret. */
export const isByToken = ({ forge, tokens }: Choice): boolean => forge === 'gitkraken' && tokens === 'browser'
