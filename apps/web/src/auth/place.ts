import { shallowRef } from 'vue'

/** The page that is shown, of those before signing in. */
export const place = shallowRef(new URL(location.href))

const look = (): void => void (place.value = new URL(location.href))
addEventListener('popstate', look)

export function go(path: string): void {
  history.pushState(null, '', path)
  look()
}
