/** A frame of an event stream: what its empty line ended. Fields that were not there are empty. */
export interface Frame {
  id: string
  kind: string
  data: string
}

/**
 * Cuts the text of a stream into frames. Thousands of streams bring the same few lines, so it does no
 * more than Parley's own grammar needs (docs/protocol.md).
 */
export class Frames {
  #rest = ''

  take(text: string): Frame[] {
    const frames: Frame[] = []
    const all = this.#rest + text
    let from = 0
    for (let to = all.indexOf('\n\n'); to >= 0; to = all.indexOf('\n\n', from)) {
      frames.push(frameOf(all, from, to))
      from = to + 2
    }
    this.#rest = all.slice(from)
    return frames
  }
}

function frameOf(text: string, from: number, to: number): Frame {
  const frame: Frame = { id: '', kind: '', data: '' }
  for (let at = from; at < to;) {
    const end = Math.min(to, nonNegative(text.indexOf('\n', at), to))
    if (text.startsWith('id: ', at)) frame.id = text.slice(at + 4, end)
    else if (text.startsWith('event: ', at)) frame.kind = text.slice(at + 7, end)
    else if (text.startsWith('data: ', at)) frame.data = text.slice(at + 6, end)
    at = end + 1
  }
  return frame
}

const nonNegative = (at: number, otherwise: number): number => (at < 0 ? otherwise : at)
