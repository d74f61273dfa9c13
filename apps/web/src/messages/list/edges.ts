import { computed } from 'vue'
import { useTimelines } from '../timeline.ts'

/** Where a list's messages go on beyond those that are loaded. */
export function useEdges(chatId: number) {
  const timelines = useTimelines()
  const timeline = timelines.of(chatId)

  return {
    canGrow: computed(() => ({
      start: timeline.value?.hasMoreBefore === true,
      end: timeline.value?.hasMoreAfter === true,
    })),
    /** What stands above a row: that more comes, or that nothing does; nothing where that is not known. */
    noteOf(index: number): 'loading' | 'start' | undefined {
      if (index > 0 || !timeline.value) return undefined
      return timeline.value.hasMoreBefore ? 'loading' : 'start'
    },
    /** Shows the chat's first messages, or its last; those that are loaded where they cannot be had. */
    reach: (edge: 'start' | 'end'): Promise<void> =>
      (edge === 'start' ? timelines.first(chatId) : timelines.latest(chatId)).catch(
        () => undefined,
      ),
    /** The client asked again by itself; after that, the next scrolling does. */
    load: (edge: 'start' | 'end'): Promise<void> =>
      (edge === 'start' ? timelines.older(chatId) : timelines.newer(chatId)).catch(() => undefined),
  }
}
