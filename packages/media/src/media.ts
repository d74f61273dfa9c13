import { copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createCrew } from './child/crew.ts'
import { type Facts, type Failure, type Found, type Rendition, fileName } from './facts.ts'
import { kindOf } from './kinds.ts'
import { type Limits, standard } from './limits.ts'

export interface MediaFile {
  /** Of a local file. */
  path: string
  /** As its bytes were sniffed, without parameters. */
  mime: string
  /** The folder for its renditions, made if there are any; same names in it are overwritten. */
  into: string
  /** The one rendition to make of a picture, in place of the usual ones; of nothing else is it made. */
  only?: 'square'
}

export type Inspected = { facts: Facts } | { failure: Failure }

export interface Media {
  /**
   * What can be known of a file, and its renditions. A file is never a reason to throw: that means
   * that the machine is out of order (no process, no disk), and that later may be better.
   */
  inspect(file: MediaFile): Promise<Inspected>
  /** Ends what is being done; files that wait for their turn are not looked at. */
  close(): Promise<void>
}

/** Whether anything is made of files of a type. */
export const isInspected = (mime: string): boolean => kindOf(mime) !== undefined

/** Looks into files in processes of their own, which are started when there is something to do. */
export function createMedia(options: Partial<Limits> = {}): Media {
  const limits = { ...standard, ...options }
  const crew = createCrew(limits)
  const turns = createTurns(limits.children)
  let closed = false

  function mustBeOpen(): void {
    if (closed) throw new Error('Closed: no more files are looked at.')
  }

  async function inspect({ path, mime, into, only }: MediaFile): Promise<Inspected> {
    mustBeOpen()
    const child = await crew.take()
    let well = false
    try {
      const answer = await child.run({ path: resolve(path), mime, only })
      // What ended because of that says nothing of the file.
      mustBeOpen()
      well = !('failure' in answer && answer.failure === 'too_large')
      if ('failure' in answer) return answer
      const renditions = await bring(answer.facts.renditions, child.folder, into)
      return { facts: { ...answer.facts, renditions } }
    } finally {
      await crew.giveBack(child, well)
    }
  }

  return {
    async inspect(file) {
      const kind = kindOf(file.mime)
      if (kind === undefined || (file.only === 'square' && kind !== 'image'))
        return { failure: 'unsupported' }
      return turns(() => inspect(file))
    },
    async close() {
      closed = true
      await crew.end()
    },
  }
}

/** As many at once as there may be, in the order they came. */
function createTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = []
  let busy = 0
  return async (work) => {
    if (busy >= atOnce) await new Promise<void>((next) => queue.push(next))
    else busy++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next === undefined) busy--
      else next()
    }
  }
}

/** Out of a child's folder, by names that are made here: what it says is no path. */
async function bring(
  made: Found['renditions'],
  folder: string,
  into: string,
): Promise<Rendition[]> {
  if (made.length > 0) await mkdir(into, { recursive: true })
  return Promise.all(
    made.map(async (rendition) => {
      const [from, path] = [join(folder, fileName(rendition)), join(into, fileName(rendition))]
      await copyFile(from, path)
      await rm(from)
      return { ...rendition, path, size: (await stat(path)).size }
    }),
  )
}
