/** What one tab tells the others of the same client: look into the storage again, or the person signed out. */
export type TabMessage = 'changed' | 'logout'

/** Opens the channel to the other tabs of this origin; returns the way to tell them. */
export function openTabs(
  name: string,
  onMessage: (message: TabMessage) => void,
): (message: TabMessage) => void {
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }) => onMessage(data)
  // Node would wait for it for ever.
  ;(channel as { unref?: () => void }).unref?.()
  return (message) => channel.postMessage(message)
}
