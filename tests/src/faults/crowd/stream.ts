import { type ClientRequest, type IncomingMessage, get } from 'node:http'
import { Frames } from './frames.ts'
import type { Counts, Task } from './orders.ts'
import { Sight } from './sight.ts'

/** Back-off: a random time up to a bound, which doubles (docs/protocol.md), in milliseconds. */
const backOff = { first: 500, most: 30_000 }
/** After that time without a byte a connection is dead, in milliseconds. */
const deadAfter = 30_000

type Where = Pick<Task, 'ports' | 'chat' | 'seq' | 'cursor'>

/** One stream, which comes back whenever it ends: now to this server, now to that. */
export class CrowdStream {
  readonly sight: Sight
  /** Connections that each port has answered. */
  readonly #open: number[]
  readonly #where: Where
  readonly #token: string
  readonly #counts: Counts
  readonly #onLive: () => void
  #cursor: string
  #request: ClientRequest | undefined
  #bound = backOff.first
  #lostAt: number | undefined
  live = false

  constructor(where: Where, token: string, counts: Counts, open: number[], onLive: () => void) {
    this.sight = new Sight(where.chat, where.seq, counts)
    this.#where = where
    this.#token = token
    this.#counts = counts
    this.#open = open
    this.#onLive = onLive
    this.#cursor = where.cursor
  }

  connect(): void {
    const at = Math.floor(Math.random() * this.#where.ports.length)
    this.sight.connected()
    const request = get({
      host: '127.0.0.1',
      port: this.#where.ports[at],
      path: '/events',
      agent: false,
      timeout: deadAfter,
      headers: { authorization: `Bearer ${this.#token}`, 'last-event-id': this.#cursor },
    })
    this.#request = request
    let later = 0
    let answered = false
    request.on('response', (response) => {
      if (response.statusCode === 200) {
        answered = true
        this.#count(at, 1)
        this.#read(response)
      } else {
        later = 1000 * Number(response.headers['retry-after'] ?? 0)
        response.resume()
      }
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => undefined)
    request.once('close', () => {
      if (answered) this.#count(at, -1)
      this.#ended(later)
    })
  }

  /** Breaks the connection, without a goodbye to the server. */
  cut(): void {
    this.#request?.destroy()
  }

  #count(at: number, more: number): void {
    this.#open[at] = (this.#open[at] ?? 0) + more
  }

  #read(response: IncomingMessage): void {
    const frames = new Frames()
    response.on('error', () => undefined)
    // What is looked at is ASCII; a letter that is cut in two is no matter.
    response.setEncoding('latin1')
    response.on('data', (text: string) => {
      this.#counts.bytes += text.length
      for (const frame of frames.take(text)) {
        if (frame.kind === 'ready') this.#ready(frame.data)
        else if (frame.kind === 'resync') this.#counts.resyncs++
        else this.sight.take(frame)
        if (frame.id !== '') this.#cursor = frame.id
      }
    })
  }

  #ready(data: string): void {
    this.#counts.replayed += Number(/"replayed":(\d+)/.exec(data)?.[1] ?? 0)
    this.#bound = backOff.first
    this.live = true
    if (this.#lostAt !== undefined) {
      this.#counts.returned++
      this.#counts.slowest = Math.max(this.#counts.slowest, performance.now() - this.#lostAt)
      this.#lostAt = undefined
    }
    this.#onLive()
  }

  #ended(later: number): void {
    if (this.live) {
      this.#counts.lost++
      this.#lostAt = performance.now()
    } else this.#counts.refused++
    this.live = false
    setTimeout(() => this.connect(), later + Math.random() * this.#bound)
    this.#bound = Math.min(backOff.most, this.#bound * 2)
  }
}
