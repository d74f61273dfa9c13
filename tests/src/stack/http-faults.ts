import type { IncomingMessage, ServerResponse } from 'node:http'

/** What goes wrong between a client and the servers, when a test says so. */
export class Faults {
  /** How often each came to pass. */
  readonly did = { streamsCut: 0, answersCut: 0, messagesLost: 0, refused: 0 }
  readonly #streams = new Set<ServerResponse>()
  readonly #live = new Set<ServerResponse>()
  readonly #doomed = new WeakSet<ServerResponse>()
  #refusing = false
  #losing = false
  #answersToCut = 0
  #sends = 0

  /** How many streams are open. */
  get open(): number {
    return this.#streams.size
  }

  /** How many of them have caught up. */
  get live(): number {
    return this.#live.size
  }

  /** Answers 502 to everything from now on, or no more. */
  refuse(all: boolean): void {
    this.#refusing = all
  }

  /** Cuts each open stream in the middle of what it brings next. */
  cutStreams(): void {
    for (const stream of this.#streams) this.#doomed.add(stream)
  }

  /** The next message on a stream gets lost. */
  loseMessage(): void {
    this.#losing = true
  }

  /** Cuts every other answer to a send, so many, when the server has done its part. */
  cutAnswers(count: number): void {
    this.#answersToCut = count
  }

  refuses(): boolean {
    if (this.#refusing) this.did.refused++
    return this.#refusing
  }

  opened(stream: ServerResponse): void {
    this.#streams.add(stream)
    stream.on('close', () => this.#forget(stream))
  }

  /** What gets through of a piece of a stream, and whether it is the last. */
  ofStream(stream: ServerResponse, data: Buffer): { rest: Buffer; last: boolean } {
    const rest = this.#losing ? this.#lose(data) : data
    if (data.includes('event: ready\n')) this.#live.add(stream)
    if (!this.#doomed.delete(stream)) return { rest, last: false }
    this.did.streamsCut++
    this.#forget(stream)
    return { rest: rest.subarray(0, rest.length / 2), last: true }
  }

  /** The same of an answer: nothing of the one, half of the other. */
  ofAnswer({ method, url }: IncomingMessage, body: Buffer): { rest: Buffer; last: boolean } {
    const send = method === 'POST' && url?.endsWith('/messages') === true
    if (!send || this.#answersToCut === 0 || ++this.#sends % 2 === 0) {
      return { rest: body, last: false }
    }
    this.did.answersCut++
    const part = --this.#answersToCut % 2 === 0 ? 0 : body.length / 2
    return { rest: body.subarray(0, part), last: true }
  }

  #forget(stream: ServerResponse): void {
    this.#streams.delete(stream)
    this.#live.delete(stream)
  }

  /** Without the first whole message in it. */
  #lose(data: Buffer): Buffer {
    const text = data.toString('latin1')
    const rest = text.replace(/(?:id: .*\n)?event: NewMessage\ndata: .*\n\n/, '')
    if (rest.length < text.length) {
      this.#losing = false
      this.did.messagesLost++
    }
    return Buffer.from(rest, 'latin1')
  }
}
