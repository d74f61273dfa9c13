import type { Message } from '@parley/contract'
import { ParleyError } from '@parley/sdk'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { client } from '../app/client.ts'
import { useToast } from '../ui/toast.ts'
import { t } from '../words/words.ts'

/** How long a deletion can be taken back, in milliseconds: the server knows no way back. */
const undoMs = 5_000

/** Messages that are shown as deleted while it can still be undone. */
export const useDeletions = defineStore('deletions', () => {
  const hidden = shallowRef<ReadonlySet<number>>(new Set())
  const waiting = new Map<number, { message: Message; timer: ReturnType<typeof setTimeout> }>()
  const toast = useToast()

  function show(id: number, deleted: boolean): void {
    const next = new Set(hidden.value)
    if (deleted) next.add(id)
    else next.delete(id)
    hidden.value = next
  }

  function undo(id: number): void {
    const one = waiting.get(id)
    if (!one) return
    clearTimeout(one.timer)
    waiting.delete(id)
    show(id, false)
  }

  async function commit(id: number): Promise<void> {
    const one = waiting.get(id)
    if (!one) return
    clearTimeout(one.timer)
    waiting.delete(id)
    if (toast.shown?.text === t('list.message_deleted')) toast.hide()
    try {
      await client.deleteMessage({ params: { id: one.message.chat_id, message_id: id } })
    } catch (error) {
      if (error instanceof ParleyError && error.code === 'not_found') return
      show(id, false)
      toast.show(t('list.not_deleted'))
    }
  }

  addEventListener('pagehide', () => {
    for (const id of waiting.keys()) void commit(id)
  })

  return {
    hidden,
    remove(message: Message): void {
      for (const id of waiting.keys()) void commit(id)
      const { id } = message
      show(id, true)
      waiting.set(id, { message, timer: setTimeout(() => void commit(id), undoMs) })
      toast.show(t('list.message_deleted'), {
        action: { text: t('list.undo'), act: () => undo(id) },
      })
    },
  }
})
