import type { RouteLocationRaw, Router } from 'vue-router'

const before = (): string | undefined => {
  const state: unknown = history.state
  const back = typeof state === 'object' && state !== null && 'back' in state ? state.back : null
  return typeof back === 'string' ? back : undefined
}

/**
 * One level up: what the browser's Back does where that leads there, or else in place of this one,
 * so that Back never comes down again.
 */
export async function goUp(router: Router, parent: RouteLocationRaw): Promise<void> {
  if (before() === router.resolve(parent).fullPath) router.back()
  else await router.replace(parent)
}
