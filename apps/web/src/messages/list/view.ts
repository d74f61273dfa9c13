import { onBeforeUnmount, shallowRef } from 'vue'
import { dayOf } from '../days.ts'
import type { Row } from '../rows.ts'
import { useTimelines } from '../timeline.ts'
import type { Hold } from './hold.ts'
import { firstVisible, rememberPlace } from './places.ts'

/** What a list's scroller tells and does. */
export interface Scroller {
  readonly box: HTMLElement | null
  readonly atEnd: boolean
  isHeld(): boolean
  hold(hold: Hold | undefined): void
}

interface View {
  /** Of the first message on the screen. */
  readonly day?: string
  /** The end is more than a screen away. */
  readonly far: boolean
  /** How often the reader moved the list. */
  readonly moves: number
}

interface Options {
  chatId: number
  scroller(): Scroller | null
  rows(): readonly Row[]
  rowOf(key: string): Row | undefined
  /** Called after each frame in which the list moved. */
  moved(): void
}

/** What is on the screen of a list; remembers it for when one comes back. */
export function useView({ chatId, scroller, rows, rowOf, moved }: Options) {
  const timelines = useTimelines()
  const view = shallowRef<View>({ far: false, moves: 0 })
  let due = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function look(): void {
    const { box = null, atEnd = false } = scroller() ?? {}
    const row = box && rowOf(firstVisible(box)?.dataset['key'] ?? '')
    if (!box || !row) return
    const far = box.scrollHeight - box.scrollTop - box.clientHeight > box.clientHeight
    view.value = { day: dayOf(row.at), far, moves: view.value.moves }
    const seq = (atEnd ? rows().at(-1) : row)?.message?.seq ?? row.message?.seq
    if (seq !== undefined) timelines.reads(chatId, seq)
    moved()
  }

  onBeforeUnmount(() => {
    cancelAnimationFrame(due)
    clearTimeout(timer)
    const { box = null, atEnd = true } = scroller() ?? {}
    if (box) rememberPlace(chatId, box, atEnd)
    timelines.leave(chatId)
  })

  return {
    view,
    onMoved(): void {
      cancelAnimationFrame(due)
      clearTimeout(timer)
      // After the frame: before, everything would have to be laid out once more.
      due = requestAnimationFrame(() => (timer = setTimeout(look)))
    },
    onScroll(): void {
      if (scroller()?.isHeld() === false)
        view.value = { ...view.value, moves: view.value.moves + 1 }
    },
  }
}
