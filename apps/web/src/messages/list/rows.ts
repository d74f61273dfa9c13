import { computed, shallowRef, watch } from 'vue'
import { useLive } from '../../live/live.ts'
import { dayOf } from '../days.ts'
import { useOutbox } from '../outbox/outbox.ts'
import { type Row, rowsOf } from '../rows.ts'
import { useTimelines } from '../timeline.ts'

const same = (a: Row, b: Row): boolean =>
  a.message === b.message &&
  a.pending === b.pending &&
  a.head === b.head &&
  a.day === b.day &&
  a.isNew === b.isNew

/** The rows of a chat; those that did not change are the same objects, and are not drawn again. */
export function useRows(chatId: number, newAfter: () => number | undefined) {
  const timeline = useTimelines().of(chatId)
  const outbox = useOutbox()
  const live = useLive()
  const rows = shallowRef<Row[]>([])
  let known = new Map<string, Row>()

  const fresh = computed(() =>
    rowsOf({
      messages: timeline.value?.messages ?? [],
      pending: timeline.value?.hasMoreAfter === false ? outbox.pendingOf(chatId) : [],
      me: live.state?.me.id ?? 0,
      newAfter: newAfter(),
      dayOf,
    }),
  )
  watch(
    fresh,
    (next) => {
      rows.value = next.map((row) => {
        const before = known.get(row.key)
        return before && same(before, row) ? before : row
      })
      known = new Map(rows.value.map((row) => [row.key, row]))
    },
    { immediate: true, flush: 'sync' },
  )
  return rows
}
