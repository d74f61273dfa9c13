import type { Message } from '@parley/contract'
import { type Ref, nextTick, onScopeDispose, shallowRef } from 'vue'
import { useLive } from '../../live/live.ts'
import { useToast } from '../../ui/toast.ts'
import { t } from '../../words/words.ts'
import { type Row, keyOf } from '../rows.ts'
import { useTimelines } from '../timeline.ts'
import { type Hold, rowAt, theEnd } from './hold.ts'
import { placeIn } from './places.ts'

/** Where the New line is at first, in parts of the screen's height. */
const third = 1 / 3
const middle = 0.5
const rowHalf = -20
const tintMs = 1_500

interface Options {
  chatId: number
  rows: Readonly<Ref<readonly Row[]>>
  hold(hold: Hold): void
  focus(key: string): Promise<void>
}

/** Brings the list to a place: where one was, what is new, a message by its id, the end. */
export function useOpening({ chatId, rows, hold, focus }: Options) {
  const timelines = useTimelines()
  const live = useLive()
  const toast = useToast()
  const failed = shallowRef(false)
  /** The row that was jumped to just now. */
  const target = shallowRef<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  /** To where there is something in answer to what was asked for. */
  async function jump(look: Promise<Message | undefined>): Promise<void> {
    const message = await look
    if (!message) {
      toast.show(t('list.not_there'))
      await timelines.open(chatId)
      return
    }
    const key = keyOf(message, live.state?.me.id ?? 0)
    target.value = key
    clearTimeout(timer)
    timer = setTimeout(() => (target.value = undefined), tintMs)
    hold(rowAt(key, middle, rowHalf))
    await nextTick()
    await focus(key)
  }

  async function attempt(work: Promise<void>): Promise<void> {
    failed.value = false
    try {
      await work
    } catch {
      failed.value = true
    }
  }

  return {
    failed,
    target,
    open: (messageId: number | undefined): Promise<void> =>
      attempt(
        messageId === undefined
          ? timelines.open(chatId)
          : jump(timelines.showMessage(chatId, messageId)),
      ),
    /** Where a day begins, for the reader. */
    openDay: (day: string): Promise<void> =>
      attempt(jump(timelines.showTime(chatId, new Date(`${day}T00:00:00`)))),
    /** Where the list is put when its rows are first there. */
    start(): Hold {
      if (target.value !== undefined) return rowAt(target.value, middle, rowHalf)
      const place = placeIn(chatId, rows.value)
      const first = rows.value.find(({ isNew }) => isNew)
      return place ?? (first ? rowAt(first.key, third) : theEnd)
    },
    async latest(): Promise<void> {
      await timelines.latest(chatId).catch(() => undefined)
      hold(theEnd)
      await nextTick()
      hold(theEnd)
    },
  }
}
