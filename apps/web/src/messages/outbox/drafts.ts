import { shallowRef } from 'vue'

/** What stands in the composer of a chat, and where the caret is. */
export interface Draft {
  readonly chat_id: number
  readonly text: string
  readonly start: number
  readonly end: number
}

/** How long a draft waits to be kept and told, in milliseconds. */
const settleMs = 250

/**
 * Drafts by chat. They change with each key and are no concern of any screen but their composer, so
 * only whether there is one, and what another tab wrote, can be watched.
 */
export function createDrafts(save: (drafts: readonly Draft[]) => void) {
  const drafts = new Map<number, Draft>()
  const dirty = new Set<number>()
  const filled = shallowRef<ReadonlySet<number>>(new Set())
  /** The last one that came from elsewhere: another tab, or the disk. */
  const arrived = shallowRef<Draft>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function put(draft: Draft): void {
    const { chat_id, text } = draft
    if (text === '') drafts.delete(chat_id)
    else drafts.set(chat_id, draft)
    if (filled.value.has(chat_id) === (text.trim() !== '')) return
    const next = new Set(filled.value)
    if (text.trim() === '') next.delete(chat_id)
    else next.add(chat_id)
    filled.value = next
  }

  const of = (chat_id: number): Draft =>
    drafts.get(chat_id) ?? { chat_id, text: '', start: 0, end: 0 }

  /** Saves now what would be saved soon: the page may go away. */
  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (dirty.size === 0) return
    save([...dirty].map(of))
    dirty.clear()
  }

  return {
    of,
    filled,
    arrived,
    flush,
    /** What was just typed. */
    write(draft: Draft): void {
      const { text, start, end } = of(draft.chat_id)
      if (draft.text === text && (text === '' || (draft.start === start && draft.end === end)))
        return
      put(draft)
      dirty.add(draft.chat_id)
      timer ??= setTimeout(flush, settleMs)
    },
    /** The text was sent: it is in the queue now, with which its draft goes. */
    drop(chat_id: number): void {
      put({ chat_id, text: '', start: 0, end: 0 })
      dirty.delete(chat_id)
    },
    arrive(list: readonly Draft[]): void {
      for (const draft of list) {
        if (dirty.has(draft.chat_id)) continue
        put(draft)
        arrived.value = draft
      }
    },
    /** What was typed while the disk was read comes behind what it has. */
    restore(list: readonly Draft[]): void {
      for (const kept of list) {
        const typed = drafts.get(kept.chat_id)?.text ?? ''
        const text = kept.text + typed
        const draft = typed === '' ? kept : { ...kept, text, start: text.length, end: text.length }
        put(draft)
        arrived.value = draft
      }
    },
    clear(): void {
      clearTimeout(timer)
      timer = undefined
      drafts.clear()
      dirty.clear()
      filled.value = new Set()
      arrived.value = undefined
    },
  }
}

export type Drafts = ReturnType<typeof createDrafts>
