const key = 'parley.place'
const pattern = /^\/w\/(\d+)\/c\/(\d+)/

/** Where the person was when the page was open last: a path of ours. */
export function lastPlace(): string | undefined {
  const path = localStorage.getItem(key)
  return path !== null && path.startsWith('/w/') ? path : undefined
}

/** Where the person was last in a workspace. */
export const lastPlaceIn = (workspace: number): string | undefined =>
  localStorage.getItem(`${key}.${workspace}`) ?? undefined

/** The chat of a path of ours. */
export const chatOfPlace = (path: string): number => Number(pattern.exec(path)?.[2] ?? 0)

export function rememberPlace(path: string): void {
  localStorage.setItem(key, path)
  const workspace = pattern.exec(path)?.[1]
  if (workspace !== undefined) localStorage.setItem(`${key}.${workspace}`, path)
}

export function forgetPlace(): void {
  for (const name of Object.keys(localStorage))
    if (name === key || name.startsWith(`${key}.`)) localStorage.removeItem(name)
}
