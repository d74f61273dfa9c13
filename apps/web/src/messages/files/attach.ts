import { makeNonce } from '@parley/sdk'
import { useToast } from '../../ui/toast.ts'
import { say as t } from '../../words/say.ts'
import { useOutbox } from '../outbox/outbox.ts'
import type { Attached } from './attached.ts'
import { type Limits, askLimits, limitsNow } from './limits.ts'
import { sizeText } from './size.ts'
import { useUploads } from './uploads.ts'

const attachedOf = ({ name, type, size }: File): Attached => ({
  key: makeNonce(),
  id: 0,
  url: '',
  name: name === '' ? 'file' : name,
  mime: type === '' ? 'application/octet-stream' : type,
  size,
  alt: null,
  width: null,
  height: null,
  blur_hash: null,
  duration_ms: null,
  text_preview: null,
  renditions: [],
})

/** Before the server has said what it takes: it refuses the rest itself. */
const anything: Limits = { file_size: Infinity, message_files: 10 }

/**
 * Attaches what was chosen, pasted or dropped, but for what the server would not take; that is said. All is
 * attached when this returns, so that no message that is sent next goes without it.
 */
export function useAttach(chatId: number): (chosen: readonly File[]) => void {
  const outbox = useOutbox()
  const uploads = useUploads()
  const toast = useToast()

  const sayTooLarge = (name: string, most: number) =>
    toast.show(t('files.too_large', { name, size: sizeText(most) }))

  /** What was attached before the limits were known. */
  async function check(files: readonly Attached[]): Promise<void> {
    await askLimits()
    const { file_size } = limitsNow() ?? anything
    for (const file of files.filter(({ size }) => size > file_size)) {
      uploads.remove(file)
      sayTooLarge(file.name, file_size)
    }
  }

  return (chosen) => {
    const known = limitsNow()
    const { file_size, message_files } = known ?? anything
    const fit = chosen.filter(({ size }) => size <= file_size)
    const room = message_files - (outbox.attached.get(chatId) ?? []).length
    const tooLarge = chosen.find(({ size }) => size > file_size)
    if (tooLarge) sayTooLarge(tooLarge.name, file_size)
    else if (fit.length > room) toast.show(t('files.too_many', { count: message_files }))
    const files = fit.slice(0, Math.max(0, room)).map((blob) => ({ file: attachedOf(blob), blob }))
    if (files.length === 0) return
    uploads.add(chatId, files)
    if (!known) void check(files.map(({ file }) => file))
  }
}
