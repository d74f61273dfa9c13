import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { lastChunk, unchunked } from './frame.ts'
import { Pile } from './pile.ts'

/** How long a reader may take to read the rest of a stream that has ended, in milliseconds. */
const lastWords = 1000

/**
 * The open response of one stream. Frames are shared by many of them and go to the socket as they
 * are: `response.write` would frame and copy each one again, for twice the work. Only while the socket
 * holds bytes that its reader does not take, what comes is copied, and goes out when they are gone.
 */
export class Outlet {
  readonly #response: ServerResponse
  readonly #socket: Socket
  readonly #chunked: boolean
  #begun = false
  #drained = (): void => undefined
  /** Undefined while the reader keeps up. */
  #pile: Pile | undefined

  constructor(response: ServerResponse, socket: Socket) {
    this.#response = response
    this.#socket = socket
    this.#chunked = response.req.httpVersion !== '1.0'
  }

  get begun(): boolean {
    return this.#begun
  }

  /** Bytes that the reader has not taken yet, as far as the system does not hold them for us. */
  get waiting(): number {
    return this.#socket.writableLength + (this.#pile?.bytes ?? 0)
  }

  /** `drained` is called whenever the socket has taken all it was given. */
  begin(headers: Record<string, string>, drained: () => void): void {
    this.#begun = true
    this.#drained = drained
    this.#socket.setKeepAlive(true, 30_000)
    this.#socket.on('drain', () => this.waiting === 0 && drained())
    this.#response.writeHead(
      200,
      this.#chunked ? { ...headers, 'transfer-encoding': 'chunked' } : headers,
    )
    this.#response.flushHeaders()
    // A stream lives for minutes, and nobody asks for what it was asked with any more.
    const { req: request } = this.#response
    request.headers = {}
    request.rawHeaders.length = 0
  }

  write(frames: readonly Buffer[]): void {
    if (this.#pile) for (const frame of frames) this.#pile.add(this.#bare(frame))
    else if (this.#socket.writableLength === 0) this.#give(frames)
    else {
      this.#pile = new Pile()
      this.#give(frames, () => this.#pour())
    }
  }

  /** Ends the response and the connection. */
  end(): void {
    const socket = this.#socket
    for (const piece of this.#pile?.take() ?? []) socket.write(piece)
    if (this.#chunked) socket.write(lastChunk)
    socket.end()
    setTimeout(() => socket.destroy(), lastWords).unref()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #bare(frame: Buffer): Buffer {
    return this.#chunked ? frame : unchunked(frame)
  }

  /** In one write; `taken` is called when the system has all of it. */
  #give(frames: readonly Buffer[], taken?: () => void): void {
    const socket = this.#socket
    if (frames.length > 1) socket.cork()
    frames.forEach((frame, at) => {
      socket.write(this.#bare(frame), at === frames.length - 1 ? taken : undefined)
    })
    if (frames.length > 1) socket.uncork()
  }

  /** What had to wait for the bytes before it, and has got together since. */
  #pour(): void {
    const pile = this.#pile
    if (pile === undefined || this.#socket.destroyed || this.#socket.writableEnded) return
    if (pile.bytes === 0) {
      this.#pile = undefined
      if (this.waiting === 0) this.#drained()
      return
    }
    const pieces = pile.take()
    pieces.forEach((piece, at) => {
      this.#socket.write(piece, at === pieces.length - 1 ? () => this.#pour() : undefined)
    })
  }
}
