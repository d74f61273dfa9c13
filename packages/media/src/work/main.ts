/** The program of the process that looks into files: one job in, one answer out. */
import { rmSync } from 'node:fs'
import type { Job } from '../child/child.ts'
import type { Answer } from '../facts.ts'
import { kindOf } from '../kinds.ts'
import { Unfit } from './unfit.ts'

const pixels = Number(process.argv[2])

/** Each kind is loaded when the first of it comes: a text needs no libvips. */
async function look({ path, mime, only }: Job): Promise<Answer> {
  const kind = kindOf(mime)
  switch (kind) {
    case 'image': {
      const { cutSquare, lookAtImage } = await import('./image.ts').catch(notInstalled)
      const look = only === 'square' ? cutSquare : lookAtImage
      return { facts: await look(path, mime, pixels) }
    }
    case 'timed': {
      const { lookAtTimed } = await import('./timed.ts')
      return { facts: await lookAtTimed(path) }
    }
    case 'text': {
      const { lookAtText } = await import('./text.ts')
      return { facts: await lookAtText(path) }
    }
    case 'document': {
      const { lookAtDocument } = await import('./document.ts')
      return { facts: await lookAtDocument(path) }
    }
    case undefined:
      return { failure: 'unsupported' }
    default:
      return kind satisfies never
  }
}

/** sharp has no binary for some machines; there, pictures are files as any other. */
function notInstalled(): never {
  throw new Unfit('unsupported')
}

async function answer(job: Job): Promise<Answer> {
  try {
    return await look(job)
  } catch (error) {
    if (error instanceof Unfit) return { failure: error.failure }
    const memory = error instanceof Error && /memory/i.test(error.message)
    return { failure: memory ? 'too_large' : 'broken' }
  }
}

process.on('message', (job: Job) => {
  void answer(job).then((answer) => process.send?.(answer))
})
// The parent was killed, so nobody else tidies up. A plain exit would wait for what is being read.
process.on('disconnect', () => {
  try {
    // What is being looked at may write into it while it goes.
    rmSync(process.cwd(), { recursive: true, force: true, maxRetries: 5 })
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
})
process.send?.('ready')
