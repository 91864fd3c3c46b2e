import { element } from './element.ts'

const field = element('input', 'token')

/** What stands in the field for a personal access token. */
export const readToken = (): string => field.value

export function clearToken(): void {
  field.value = ''
}

/** Lets people take one of the tokens that an emulated forge knows by default; they are worth nothing anywhere else. */
export function offerSamples(): void {
  for (const name of ['ada', 'jonas']) {
    element('button', `token-${name}`).addEventListener('click', () => {
      field.value = `${name}-personal-token`
      element('button', 'use-token').focus()
    })
  }
}
