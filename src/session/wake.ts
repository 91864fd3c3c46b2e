/** Calls back whenever this page may have slept or been cut off: shown again, back from the back-forward cache, online again. */
export function onWake(task: () => void): void {
  if (!globalThis.document) return
  const look = () => document.visibilityState === 'visible' && task()
  for (const name of ['online', 'pageshow', 'visibilitychange']) addEventListener(name, look)
}
