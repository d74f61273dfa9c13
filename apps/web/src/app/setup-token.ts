/** The secret of a setup link, until it was used: nothing but this page's memory has it. */
export const setup = { token: '' }

/** Takes it out of the address at once. Whoever is not signed in does that first, and still has it. */
export function takeSetupToken(): void {
  const { pathname, hash } = location
  if (pathname !== '/setup' || !hash.startsWith('#token=')) return
  setup.token = hash.slice('#token='.length)
  history.replaceState(history.state, '', pathname)
}
