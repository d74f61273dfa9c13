import { onMounted, reactive, ref, shallowRef } from 'vue'

interface Page<Row> {
  rows: readonly Row[]
  has_more: boolean
}

/** Rows that come page by page, each page from before the last row of the one above it. */
export function usePages<Row>(
  ask: (before: { before?: number }) => Promise<Page<Row>>,
  idOf: (row: Row) => number,
) {
  const rows = shallowRef<readonly Row[]>()
  const hasMore = ref(false)
  const busy = ref(false)
  const error = shallowRef<unknown>()
  let asked = 0

  async function page(above: readonly Row[]): Promise<void> {
    const mine = ++asked
    const last = above.at(-1)
    busy.value = true
    error.value = undefined
    try {
      const found = await ask(last === undefined ? {} : { before: idOf(last) })
      // Something else was asked meanwhile.
      if (mine !== asked) return
      rows.value = [...above, ...found.rows]
      hasMore.value = found.has_more
    } catch (problem) {
      if (mine === asked) error.value = problem
    }
    if (mine === asked) busy.value = false
  }
  const load = (): Promise<void> => page([])
  const more = (): Promise<void> => page(rows.value ?? [])
  /** Shows what has become of a row. */
  function replace(row: Row): void {
    rows.value = rows.value?.map((one) => (idOf(one) === idOf(row) ? row : one))
  }
  onMounted(load)
  return reactive({ rows, hasMore, busy, error, load, more, replace })
}

/** What is shown of them, whatever they are. */
export type Pages = Pick<
  ReturnType<typeof usePages<unknown>>,
  'rows' | 'hasMore' | 'busy' | 'error' | 'load' | 'more'
>
