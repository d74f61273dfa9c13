import { computed, onBeforeUnmount, watch } from 'vue'
import { useRoute } from 'vue-router'
import { useLive } from '../../live/live.ts'
import { useOutbox } from '../outbox/outbox.ts'
import { useTimelines } from '../timeline.ts'
import { followDays } from '../days.ts'
import { jumps } from './jumps.ts'
import type { useOpening } from './opening.ts'

/**
 * Opens the chat at what its address says, again when everything was let go or it failed and the server
 * is back, and at the end when one sends.
 */
export function useCauses(chatId: number, opening: ReturnType<typeof useOpening>) {
  const live = useLive()
  const route = useRoute()
  const outbox = useOutbox()
  const timelines = useTimelines()
  const timeline = timelines.of(chatId)
  /** The message that the address leads to. */
  const linked = computed(() =>
    route.params['chat'] === String(chatId)
      ? Number(route.params['message']) || undefined
      : undefined,
  )
  const open = (): Promise<void> => opening.open(linked.value)

  watch(linked, (id) => (id === undefined ? undefined : open()))
  watch(jumps, (jump) => (jump?.chatId === chatId ? opening.openDay(jump.day) : undefined))
  watch(
    () => timeline.value === undefined,
    (gone) => (gone ? open() : undefined),
  )
  watch(
    () => live.connection.state,
    (state) => (state === 'live' && opening.failed.value ? open() : undefined),
  )
  watch(
    () => outbox.pendingOf(chatId).length,
    (length, before) => (length > before ? opening.latest() : undefined),
  )
  onBeforeUnmount(followDays())
  timelines.enter(chatId)
  void open()
  return open
}
