import { makeNonce } from '@parley/sdk'
import { useToast } from '../../ui/toast.ts'
import { say as t } from '../../words/say.ts'
import { useOutbox } from '../outbox/outbox.ts'
import type { Attached } from './attached.ts'
import { limitsNow, limitsSoon } from './limits.ts'
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

/** Attaches what was chosen, pasted or dropped, but for what the server would not take; that is said. */
export function useAttach(chatId: number): (chosen: readonly File[]) => Promise<void> {
  const outbox = useOutbox()
  const uploads = useUploads()
  const toast = useToast()

  return async (chosen) => {
    const { file_size, message_files } = limitsNow() ?? (await limitsSoon())
    const fit = chosen.filter(({ size }) => size <= file_size)
    const room = message_files - (outbox.attached.get(chatId) ?? []).length
    const tooLarge = chosen.find(({ size }) => size > file_size)
    if (tooLarge)
      toast.show(t('files.too_large', { name: tooLarge.name, size: sizeText(file_size) }))
    else if (fit.length > room) toast.show(t('files.too_many', { count: message_files }))
    const files = fit.slice(0, Math.max(0, room)).map((blob) => ({ file: attachedOf(blob), blob }))
    if (files.length > 0) uploads.add(chatId, files)
  }
}
