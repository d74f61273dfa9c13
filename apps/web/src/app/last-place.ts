const key = 'parley.place'

/** Where the person was when the page was open last: a path of ours. */
export function lastPlace(): string | undefined {
  const path = localStorage.getItem(key)
  return path !== null && path.startsWith('/w/') ? path : undefined
}

export const rememberPlace = (path: string): void => localStorage.setItem(key, path)
