import { useLive } from '../live/live.ts'
import { addressOf } from '../messages/files/addresses.ts'

/** Pictures that are kept, each of a few kB. */
const most = 300
/** A picture that could not be had is not asked for again so soon, in milliseconds. */
const restMs = 60_000

interface Kept {
  url: string
  /** As long as it is held, the browser shows its address at once and without asking, even one that ended. */
  image: HTMLImageElement
}

/** By file, the one that was used last at the end. */
const kept = new Map<number, Kept>()
const coming = new Map<number, Promise<string | undefined>>()
const failed = new Map<number, number>()

/** The address of a picture that the page has. */
export function faceNow(file: number): string | undefined {
  const known = kept.get(file)
  if (known === undefined) return undefined
  kept.delete(file)
  kept.set(file, known)
  return known.url
}

/** What was kept of it does not do any more. */
export const dropFace = (file: number): void => void kept.delete(file)

function keep(file: number, one: Kept): void {
  kept.set(file, one)
  for (const oldest of kept.keys()) {
    if (kept.size <= most) break
    kept.delete(oldest)
  }
}

async function bring(file: number, again: boolean): Promise<string> {
  // Until it is live a page asks for nothing that can wait.
  await useLive().settled()
  const url = await addressOf(file, '', again)
  if (url === undefined) throw new Error('It is not there, or for others.')
  const image = new Image()
  image.src = url
  await image.decode()
  keep(file, { url, image })
  return url
}

/**
 * The same, once it is there: those that are wanted at once are asked for together, each once. Undefined
 * where there is none to be had, or images are blocked; `again` asks even if that was so a moment ago.
 */
export function faceSoon(file: number, again: boolean): Promise<string | undefined> {
  const rests = Date.now() - (failed.get(file) ?? -Infinity) < restMs
  if (rests && !again) return Promise.resolve(undefined)
  const under = coming.get(file)
  if (under) return under
  const work = bring(file, again)
    .catch(() => {
      failed.set(file, Date.now())
      return undefined
    })
    .finally(() => coming.delete(file))
  coming.set(file, work)
  return work
}
