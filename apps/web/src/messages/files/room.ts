import type { File } from '@parley/contract'

type Known = Pick<File, 'mime' | 'width' | 'height' | 'text_preview'>

/** How a file is shown: what a browser shows by itself, or a card. */
export type Kind = 'image' | 'video' | 'audio' | 'card'

export function kindOf({ mime }: Pick<File, 'mime'>): Kind {
  if (/^image\/(?:png|jpeg|gif|webp|avif)$/.test(mime)) return 'image'
  if (/^video\/(?:mp4|webm|ogg)$/.test(mime)) return 'video'
  return /^audio\/(?:mp4|mpeg|ogg|webm)$/.test(mime) ? 'audio' : 'card'
}

/** Pixels that something has at most; on a narrow screen it keeps its shape. */
export interface Box {
  width: number
  height: number
}
const most: Box = { width: 520, height: 360 }
/** Of what has no size, or none yet. */
const unknown: Box = { width: 320, height: 240 }
/** Smaller than this is hard to press. */
const least = 48

export function boxOf({ width, height }: Pick<File, 'width' | 'height'>): Box {
  if (width === null || height === null) return unknown
  const scale = Math.min(1, most.width / width, most.height / height)
  return { width: Math.max(least, width * scale), height: Math.max(least, height * scale) }
}

/** Between two below each other, in pixels; so are the heights. */
export const gap = 8
export const tile = { gap: 4, height: 160 }
const audio = 72
const card = 56
/** Of the first lines on a card: each, and what is around them. */
const line = { height: 18, characters: 60, most: 8, around: 17 }

/** How many lines a text takes, about: what is too much for them is cut off. */
function linesOf(text: string): number {
  const lines = text.split('\n').map((one) => Math.max(1, Math.ceil(one.length / line.characters)))
  return Math.min(
    line.most,
    lines.reduce((sum, count) => sum + count, 0),
  )
}

/** The height of what has no shape of its own. */
export function heightOf(file: Known): number {
  if (kindOf(file) === 'audio') return audio
  const { text_preview } = file
  return text_preview === null ? card : card + line.around + linesOf(text_preview) * line.height
}

export const columnsOf = (count: number): number => (count === 2 || count === 4 ? 2 : 3)

/** The height, as CSS, of the files of a message in a container as wide as they may be. */
export function roomOf(files: readonly Known[]): string {
  const images = files.filter((file) => kindOf(file) === 'image').length
  const rows = Math.ceil(images / columnsOf(images))
  const parts: string[] = images > 1 ? [`${rows * (tile.height + tile.gap) - tile.gap}px`] : []
  for (const file of files) {
    const kind = kindOf(file)
    if (kind === 'image' && images > 1) continue
    const { width, height } = boxOf(file)
    parts.push(
      kind === 'audio' || kind === 'card'
        ? `${heightOf(file)}px`
        : `min(${height}px, ${(100 * height) / width}cqi)`,
    )
  }
  return `calc(${parts.join(' + ')} + ${gap * (parts.length - 1)}px)`
}
