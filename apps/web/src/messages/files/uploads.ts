import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import { client } from '../../app/client.ts'
import { useSession } from '../../auth/session.ts'
import { useLive } from '../../live/live.ts'
import { useOutbox } from '../outbox/outbox.ts'
import { aliveKeys, queueKnown } from './alive.ts'
import type { Attached, KeptFile } from './attached.ts'
import { type KeptFiles, openKept } from './kept.ts'
import { dropPreview, keepPreview, previewSent } from './previews.ts'
import { kindOf } from './room.ts'
import { createRunner } from './runner.ts'
import { type Upload, takenKeys } from './upload.ts'

/** The server lets go of what nobody sent after a day; a little less, in milliseconds. */
const stayMs = 23 * 3_600_000

/** What another page of this account left, or this one before a reload. */
async function leftFrom(kept: KeptFiles) {
  const [{ files, sent }, taken] = await Promise.all([kept.load(), takenKeys()])
  return { files: files.filter(({ key }) => !taken.has(key)), sent }
}

/** What is on its way to the server, whichever chat is shown, and what the browser keeps of it. */
export const useUploads = defineStore('uploads', () => {
  const outbox = useOutbox()
  const live = useLive()
  const kept = openKept(useSession().me?.id ?? 0)
  const uploads = shallowReactive(new Map<string, Upload>())
  /** All that this page has to do with, and in which chat it is. */
  const chats = new Map<string, number>()

  const runner = createRunner({
    uploads,
    connected: () => navigator.onLine && live.connection.state === 'live',
    done(key, file) {
      const there = { ...file, key, alt: outbox.fileOf(key)?.alt ?? null }
      previewSent(key, file.id)
      kept.put({ key, chat_id: chats.get(key) ?? 0, file: there, blob: undefined, at: Date.now() })
      outbox.changeFile(key, there)
    },
  })

  function begin(chatId: number, file: Attached, blob: Blob | undefined): void {
    chats.set(file.key, chatId)
    if (blob && kindOf(file) !== 'card') keepPreview(file.key, blob)
    if (file.id === 0) runner.add(file, blob)
  }
  function forget(key: string): void {
    chats.delete(key)
    kept.drop(key)
    runner.drop(key)
  }
  const attach = (chatId: number, files: readonly Attached[]) =>
    outbox.attached.set(chatId, [...(outbox.attached.get(chatId) ?? []), ...files])

  /** What is neither attached nor to be sent any more is over. */
  function settle(): void {
    const alive = aliveKeys(outbox)
    for (const key of chats.keys()) if (!alive.has(key)) forget(key)
  }

  function take(files: readonly KeptFile[], sent: ReadonlySet<string>): void {
    for (const { key, chat_id, file, blob, at } of files) {
      if (Date.now() - at > stayMs) kept.drop(key)
      else {
        begin(chat_id, file, blob)
        if (!sent.has(key)) attach(chat_id, [file])
      }
    }
    runner.pump()
  }
  async function restore(): Promise<void> {
    const { files, sent } = await leftFrom(kept)
    if (sent.size > 0) await queueKnown(outbox)
    const others = files.filter(({ key }) => !chats.has(key))
    take(others, sent)
    watch(() => [outbox.queue, [...outbox.attached.values()]], settle)
  }
  void restore()
  watch(
    () => live.connection.state,
    (state) => state === 'live' && runner.pump(),
  )
  addEventListener('online', runner.pump)

  return {
    /** By key; what is uploaded is not in it. */
    uploads,
    retry: runner.retry,
    /** Attaches files to the next message of a chat, and begins to upload them. */
    add(chatId: number, files: readonly { file: Attached; blob: Blob }[]): void {
      for (const { file, blob } of files) {
        begin(chatId, file, blob)
        kept.put({ key: file.key, chat_id: chatId, file, blob, at: Date.now() })
        attach(chatId, [file])
      }
      runner.pump()
    },
    /** It goes to the server with the message. */
    describe(file: Attached, alt: string | null): void {
      const described = { ...(outbox.fileOf(file.key) ?? file), alt }
      kept.change(described)
      outbox.changeFile(file.key, described)
    },
    /** Ends its upload at once, and takes it from the message that it was to go with. */
    remove({ key, id }: Attached): void {
      dropPreview(key)
      forget(key)
      outbox.changeFile(key, undefined)
      if (id > 0) void client.deleteFile({ params: { id } }).catch(() => undefined)
    },
  }
})
