import type { Incoming, Route } from './message.ts'

/** Why an OAuth request is refused: an error code (RFC 6749 sections 4.1.2.1 and 5.2), with words for a developer. */
export class Refusal extends Error {
  readonly error: string

  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }
}

/** Builds a route that turns a thrown {@link Refusal} into an answer. */
export const refusable =
  <In extends Incoming>(
    route: (incoming: In) => ReturnType<Route>,
    refuse: (refusal: Refusal, incoming: In) => Response,
  ) =>
  async (incoming: In): Promise<Response> => {
    try {
      return await route(incoming)
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, incoming)
      throw error
    }
  }
