import type { Workspace } from '@parley/contract'
import { type ComputedRef, computed } from 'vue'
import { useRoute } from 'vue-router'
import { lastPlace } from '../app/last-place.ts'
import { useLive } from '../live/live.ts'

/** The workspace of a path of ours: `/w/7/c/8`. */
const workspaceOf = (path: string | undefined): number =>
  Number(/^\/w\/(\d+)/.exec(path ?? '')?.[1])

/** The workspace one is in: the address says, else where one was last, else the first. */
export function useCurrentWorkspace(): ComputedRef<Workspace | undefined> {
  const route = useRoute()
  const live = useLive()
  return computed(() => {
    const known = live.state?.workspaces
    if (route.params['workspace'] !== undefined)
      return known?.get(Number(route.params['workspace']))
    return known?.get(workspaceOf(lastPlace())) ?? live.workspaces[0]
  })
}
