/** Where records are kept, in the shape of a `Map`: a `Map` is one, and so is anything that answers later. */
export interface Storage {
  get(key: string): unknown
  set(key: string, value: unknown): unknown
  delete(key: string): unknown
  /** Every tab has one of its own: what a sign-out in another tab cannot reach. */
  readonly perTab?: boolean
  keys(): Iterable<string> | Promise<Iterable<string>>
}
