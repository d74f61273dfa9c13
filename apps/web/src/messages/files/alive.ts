import { watch } from 'vue'
import type { useOutbox } from '../outbox/outbox.ts'

type Outbox = ReturnType<typeof useOutbox>

/** The keys of what is attached or to be sent; what another tab has sent is attached no more. */
export function aliveKeys(outbox: Outbox): Set<string> {
  const queued = new Set(outbox.queue.flatMap(({ files = [] }) => files.map(({ key }) => key)))
  const alive = new Set(queued)
  for (const [chatId, files] of outbox.attached) {
    const left = files.filter(({ key }) => !queued.has(key))
    for (const { key } of left) alive.add(key)
    if (left.length === 0) outbox.attached.delete(chatId)
    else if (left.length < files.length) outbox.attached.set(chatId, left)
  }
  return alive
}

/** How long one waits for what the disk has, in milliseconds. */
const patienceMs = 2_000

/** Resolves when the messages that are to be sent are known, as far as they will be. */
export const queueKnown = (outbox: Outbox): Promise<unknown> =>
  outbox.queue.length > 0
    ? Promise.resolve()
    : new Promise((resolve) => {
        watch(() => outbox.queue, resolve, { once: true })
        setTimeout(resolve, patienceMs)
      })
