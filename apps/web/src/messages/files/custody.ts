import type { useOutbox } from '../outbox/outbox.ts'
import { aliveKeys, queueKnown } from './alive.ts'
import type { Attached, KeptFile } from './attached.ts'
import { createClaims } from './claims.ts'
import type { KeptFiles } from './kept.ts'
import { keepPreview, previewSent } from './previews.ts'
import { kindOf } from './room.ts'
import type { createRunner } from './runner.ts'
import type { Sent } from './transport.ts'
import type { Half } from './upload.ts'

/** The server lets go of what it has and nobody sent after a day; a little less, in milliseconds. */
const stayMs = 23 * 3_600_000

interface CustodyOptions {
  outbox: ReturnType<typeof useOutbox>
  kept: KeptFiles
  runner: ReturnType<typeof createRunner>
}

/** What the server tells of a file, with what only the page knows of it. */
function withAnswer(file: Attached, sent: Sent): Attached {
  const { width, height } = { ...file, ...(sent.width ? sent : undefined) }
  return { ...file, ...sent, width, height, alt: file.alt }
}

/** Which of an account's files are this page's to bring to the server; the others are another tab's. */
export function createCustody({ outbox, kept, runner }: CustodyOptions) {
  const claims = createClaims()
  /** All that this page has to do with; undefined is what another tab uploads. */
  const known = new Map<string, Omit<KeptFile, 'blob'> | undefined>()

  const attach = (chatId: number, files: readonly Attached[]) =>
    outbox.attached.set(chatId, [...(outbox.attached.get(chatId) ?? []), ...files])

  function begin({ blob, ...one }: KeptFile, half?: Half): void {
    const { key, file } = one
    known.set(key, one)
    if (blob && kindOf(file) !== 'card') keepPreview(key, blob)
    if (file.id === 0) runner.add(file, blob, half)
  }
  function forget(key: string): void {
    known.delete(key)
    runner.drop(key)
    void kept.drop(key).then(() => claims.letGo(key))
  }
  /** Should the tab go that uploads it, it is done here. */
  async function inherit(key: string): Promise<void> {
    known.set(key, undefined)
    if (!(await claims.inherit(key))) return
    const { files, halves } = await kept.load()
    const one = files.find((file) => file.key === key && file.file.id === 0)
    if (!one || !known.has(key)) return claims.letGo(key)
    begin(one, halves.get(key))
    runner.pump()
  }

  return {
    /** Files of this page, for the next message of a chat. */
    add(chat_id: number, files: readonly { file: Attached; blob: Blob }[]): void {
      for (const { file, blob } of files) {
        const one = { key: file.key, chat_id, file, blob, at: Date.now() }
        void claims.take(file.key)
        begin(one)
        void kept.put(one)
      }
      attach(
        chat_id,
        files.map(({ file }) => file),
      )
      runner.pump()
    },
    done(key: string, sent: Sent): void {
      const one = known.get(key)
      if (!one) return
      const file = withAnswer(outbox.fileOf(key) ?? one.file, sent)
      previewSent(key, file.id)
      const written = kept.put({ ...one, file, blob: undefined, at: Date.now() })
      // Whoever has it next must find it done.
      void written.then(() => claims.letGo(key))
      outbox.changeFile(key, file)
    },
    forget,
    /** What an earlier page kept goes on, unless another tab has it in hand. */
    async restore(): Promise<void> {
      const { files, halves, sent } = await kept.load()
      if (sent.size > 0) await queueKnown(outbox)
      const others = files.filter(({ key }) => !known.has(key))
      const mine = await Promise.all(
        others.map(async ({ key, file }) => file.id > 0 || claims.take(key)),
      )
      for (const one of others.filter((_, index) => mine[index])) {
        const { key, chat_id, file, at } = one
        if (file.id > 0 && Date.now() - at > stayMs) forget(key)
        else {
          begin(one, halves.get(key))
          if (!sent.has(key)) attach(chat_id, [file])
        }
      }
      runner.pump()
    },
    /** What is neither attached nor to be sent any more is over. */
    settle(): void {
      const alive = aliveKeys(outbox)
      for (const key of known.keys()) if (!alive.has(key)) forget(key)
    },
    /** Messages that are to be sent are all tabs', and so are their files. */
    share(): void {
      for (const { files = [] } of outbox.queue)
        for (const { key, id } of files) if (id === 0 && !known.has(key)) void inherit(key)
    },
  }
}
