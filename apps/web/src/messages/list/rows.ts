import { computed } from 'vue'
import { useLive } from '../../live/live.ts'
import { dayOf } from '../days.ts'
import { useOutbox } from '../outbox/outbox.ts'
import { type Row, type Rows, rowsAfter } from '../rows.ts'
import { useTimelines } from '../timeline.ts'

/** The rows of a chat; those that did not change are the same objects, and are not drawn again. */
export function useRows(chatId: number, newAfter: () => number | undefined) {
  const timeline = useTimelines().of(chatId)
  const outbox = useOutbox()
  const live = useLive()
  const me = computed(() => live.state?.me.id ?? 0)
  const byKey = new Map<string, Row>()

  const made = computed<Rows>((before) => {
    const next = rowsAfter(before, {
      messages: timeline.value?.messages ?? [],
      // What one wrote is never hidden: not before the chat's end is loaded, nor where it cannot be.
      pending: outbox.pendingOf(chatId),
      me: me.value,
      newAfter: newAfter(),
      dayOf,
    })
    for (const key of next.gone.keys()) byKey.delete(key)
    for (const row of next.made) byKey.set(row.key, row)
    return next
  })
  return {
    rows: computed(() => made.value.rows),
    rowOf: (key: string): Row | undefined =>
      made.value.rows.length > 0 ? byKey.get(key) : undefined,
  }
}
