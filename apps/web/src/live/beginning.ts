import { type Bootstrap } from '@parley/contract'
import { fromBootstrap } from '@parley/sdk'
import type { Ledger } from './ledger.ts'

interface Ports {
  bootstrap(): Promise<Bootstrap>
  pause(attempt: number): Promise<void>
}

/** Bootstraps, one at a time: one that is on its way may be older than what made another necessary. */
export interface Beginning {
  /** The next one's end; throws what went wrong. */
  next(): Promise<Bootstrap>
  /** Again and again until it succeeds, for one who has nobody to repeat it. */
  untilDone(): Promise<void>
  /** The one that is on its way. */
  current(): Promise<unknown> | undefined
}

export function createBeginning(ports: Ports, ledger: Ledger, stopped: AbortSignal): Beginning {
  let current: Promise<Bootstrap> | undefined

  async function begin(): Promise<Bootstrap> {
    ledger.hold()
    const bootstrap = await ports.bootstrap()
    if (!stopped.aborted) ledger.restart(fromBootstrap(bootstrap), bootstrap.cursor)
    return bootstrap
  }
  function next(): Promise<Bootstrap> {
    ledger.hold()
    const mine: Promise<Bootstrap> = (current ?? Promise.resolve())
      .catch(() => undefined)
      .then(begin)
      .finally(() => {
        if (current === mine) current = undefined
      })
    current = mine
    return mine
  }
  async function untilDone(): Promise<void> {
    for (let attempt = 0; !stopped.aborted; attempt++) {
      try {
        await next()
        return
      } catch {
        await ports.pause(attempt)
      }
    }
  }
  return { next, untilDone, current: () => current }
}
