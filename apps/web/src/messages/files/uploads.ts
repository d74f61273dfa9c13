import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import { client } from '../../app/client.ts'
import { useSession } from '../../auth/session.ts'
import { useLive } from '../../live/live.ts'
import { useOutbox } from '../outbox/outbox.ts'
import type { Attached } from './attached.ts'
import { createCustody } from './custody.ts'
import { openKept } from './kept.ts'
import { dropPreview } from './previews.ts'
import { createRunner } from './runner.ts'
import { dropSent, sendFile } from './transport.ts'
import type { Upload } from './upload.ts'

/** Bounds of the time between two attempts, in milliseconds. */
const bounds = { minMs: 1_000, maxMs: 30_000 }

/** What is on its way to the server, whichever chat is shown, and what the browser keeps of it. */
export const useUploads = defineStore('uploads', () => {
  const outbox = useOutbox()
  const live = useLive()
  const session = useSession()
  const kept = openKept(session.me?.id ?? 0)
  const uploads = shallowReactive(new Map<string, Upload>())

  const runner = createRunner({
    ...bounds,
    uploads,
    dropSent,
    send: sendFile,
    copyOf: async (key) => (await kept.load()).files.find((file) => file.key === key)?.blob,
    online: () => navigator.onLine,
    connected: () => navigator.onLine && live.connection.state === 'live',
    keep: kept.putHalf,
    done: (key, sent) => custody.done(key, sent),
  })
  const custody = createCustody({ outbox, kept, runner })

  void custody.restore().then(() => {
    custody.share()
    watch(
      () => [outbox.queue, [...outbox.attached.values()]],
      () => {
        custody.settle()
        custody.share()
      },
    )
  })
  watch(
    () => live.connection.state,
    (state) => state === 'live' && runner.hurry(),
  )
  addEventListener('online', runner.hurry)
  session.onRenewed(runner.hurry)

  return {
    /** By key; what is uploaded is not in it. */
    uploads,
    pause: runner.pause,
    /** After a pause, or once more after it failed. */
    resume: runner.resume,
    /** Attaches files to the next message of a chat, and begins to upload them. */
    add: custody.add,
    /** What is said of it goes to the server with the message; what is seen of it is for its box. */
    change(file: Attached, to: Partial<Pick<Attached, 'alt' | 'width' | 'height'>>): void {
      const changed = { ...(outbox.fileOf(file.key) ?? file), ...to }
      kept.change(changed)
      outbox.changeFile(file.key, changed)
    },
    /** Ends its upload at once, and takes it from the message that it was to go with. */
    remove({ key, id }: Attached): void {
      dropPreview(key)
      custody.forget(key)
      outbox.changeFile(key, undefined)
      if (id > 0) void client.deleteFile({ params: { id } }).catch(() => undefined)
    },
  }
})
