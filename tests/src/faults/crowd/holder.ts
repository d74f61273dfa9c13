import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Check } from 'typebox/value'
import { until } from '@parley/core/testing/until'
import { type Order, Tally, type Task } from './orders.ts'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))
/** How long a process may take for an answer, in milliseconds: it is busy. */
const patience = 20_000

/** A process that holds streams. */
export interface Holder {
  /** What it told last. */
  tally(): Tally | undefined
  ask(does: Order['does']): Promise<Tally>
  end(): Promise<void>
}

/** Returns at once; the first tally comes when all of its streams are live. */
export function startHolder(task: Task): Holder {
  const child = fork(program, { execArgv: [] })
  let last: Tally | undefined
  let number = 0
  child.on('message', (message) => {
    if (Check(Tally, message)) last = message
  })
  child.send(task)
  return {
    tally: () => last,
    async ask(does) {
      const order: Order = { does, number: ++number }
      child.send(order)
      return until(() => last && last.number >= order.number && last, {
        timeoutMs: patience,
        what: 'a process that holds streams to answer',
      })
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
