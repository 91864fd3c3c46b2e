import type { Answer } from '../client/app.ts'
import type { App } from './app.ts'

/** Keeps who asks a forge waiting, until it is told to answer: as it did before, or in another way. */
export function hold({ answers }: App, kind: keyof App['answers']): { release(answer?: Answer): void } {
  const usual = answers[kind]
  let release: (answer: Answer) => void = () => {}
  const held = new Promise<Answer>((resolve) => {
    release = resolve
  })
  answers[kind] = async (request) => (await held)(request)
  return {
    release(answer = usual) {
      answers[kind] = usual
      release(answer)
    },
  }
}
