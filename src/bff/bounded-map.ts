/** A map that forgets: what is past its time, and the oldest of what is too much. Times in milliseconds. */
export interface BoundedMap<T> {
  get(key: string): T | undefined
  set(key: string, value: T, expires_at: number): void
  delete(key: string): void
}

/** Makes a {@link BoundedMap} of at most `limit` entries. */
export function createBoundedMap<T>({ limit, now }: { limit: number; now: () => number }): BoundedMap<T> {
  const entries = new Map<string, { value: T; expires_at: number }>()
  const drop = (key: string) => void entries.delete(key)
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry && entry.expires_at <= now()) drop(key)
      return entries.get(key)?.value
    },
    set(key, value, expires_at) {
      // A map keeps the order of insertion: what was set last goes last.
      drop(key)
      entries.set(key, { value, expires_at })
      const [oldest] = entries.keys()
      if (entries.size > limit && oldest !== undefined) drop(oldest)
    },
    delete: drop,
  }
}
