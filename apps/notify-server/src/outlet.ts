import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { lastChunk, unchunked } from './frame.ts'

/** How long a reader may take to read the rest of a stream that has ended, in milliseconds. */
const lastWords = 1000

/**
 * The open response of one stream. Frames are shared by many of them and go to the socket as they
 * are: `response.write` would frame and copy each one again, for twice the work.
 */
export class Outlet {
  readonly #response: ServerResponse
  readonly #socket: Socket
  readonly #chunked: boolean
  #begun = false

  constructor(response: ServerResponse, socket: Socket) {
    this.#response = response
    this.#socket = socket
    this.#chunked = response.req.httpVersion !== '1.0'
  }

  get begun(): boolean {
    return this.#begun
  }

  /** Bytes that the socket has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength
  }

  /** `drained` is called whenever the socket has taken all it was given. */
  begin(headers: Record<string, string>, drained: () => void): void {
    this.#begun = true
    this.#socket.setKeepAlive(true, 30_000)
    this.#socket.on('drain', drained)
    this.#response.writeHead(
      200,
      this.#chunked ? { ...headers, 'transfer-encoding': 'chunked' } : headers,
    )
    this.#response.flushHeaders()
  }

  write(frames: readonly Buffer[]): void {
    const socket = this.#socket
    if (frames.length > 1) socket.cork()
    for (const frame of frames) socket.write(this.#chunked ? frame : unchunked(frame))
    if (frames.length > 1) socket.uncork()
  }

  /** Ends the response and the connection. */
  end(): void {
    const socket = this.#socket
    if (this.#chunked) socket.write(lastChunk)
    socket.end()
    setTimeout(() => socket.destroy(), lastWords).unref()
  }

  destroy(): void {
    this.#socket.destroy()
  }
}
