/** A process of the crowd: holds thousands of streams for the fault run that started it. */
import { Check } from 'typebox/value'
import { Order, type Tally, Task, noCounts } from './orders.ts'
import { CrowdStream } from './stream.ts'

/** Streams that are opened at the same time at first: this is not the fault yet. */
const lanes = 64

const counts = noCounts()
const streams: CrowdStream[] = []
let open: number[] = []

process.once('disconnect', () => process.exit())
process.on('message', (message) => {
  if (Check(Task, message)) void start(message)
  else if (Check(Order, message)) obey(message)
})

async function start(task: Task): Promise<void> {
  open = task.ports.map(() => 0)
  const waiting = task.tokens.values()
  const lane = async () => {
    for (const token of waiting) {
      await new Promise<void>((resolve) => {
        const stream = new CrowdStream(task, token, counts, open, resolve)
        streams.push(stream)
        stream.connect()
      })
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  tell(0)
}

function obey({ does, number }: Order): void {
  if (does === 'begin') Object.assign(counts, noCounts())
  if (does === 'cut') for (const stream of streams) stream.cut()
  tell(number)
}

function tell(number: number): void {
  const reached = new Map<number, number>()
  let live = 0
  let away = 0
  for (const stream of streams) {
    if (stream.live) live++
    const { seq } = stream.sight
    if (stream.sight.away) away++
    else reached.set(seq, (reached.get(seq) ?? 0) + 1)
  }
  const tally: Tally = { number, counts, live, away, reached: [...reached], open }
  process.send?.(tally)
}
