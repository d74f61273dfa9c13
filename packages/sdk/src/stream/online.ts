/** Calls back when the platform says that the network is there again; browsers do. */
export function onOnline(listener: () => void): () => void {
  const target: unknown = globalThis
  if (!(target instanceof EventTarget)) return () => undefined
  target.addEventListener('online', listener)
  return () => target.removeEventListener('online', listener)
}
