/** Milliseconds before its end from which forgepass no longer sends a token. */
const MARGIN = 5000

/** Whole seconds for which a token will still be sent; times in milliseconds since the epoch. */
export const secondsLeft = (expires_at: number, now: number): number =>
  Math.max(0, Math.ceil((expires_at - MARGIN - now) / 1000))

/** Tells until when a token will be sent. */
export function describeExpiry(expires_at: number, now: number): string {
  if (expires_at === Number.POSITIVE_INFINITY) return 'Good until the forge refuses it'
  const left = secondsLeft(expires_at, now)
  return left > 0 ? `Good for ${spell(left)}` : 'Used up, to be refreshed'
}

function spell(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
