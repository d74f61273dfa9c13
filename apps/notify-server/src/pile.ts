const pieceSize = 16 * 1024

/**
 * Bytes that wait, copied together. A frame is a small part of a piece of memory that frames for
 * other readers share, so whoever kept it would keep all of them: forty times as much, and more.
 */
export class Pile {
  #pieces: Buffer[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  add(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      const used = this.#bytes % pieceSize
      if (used === 0) this.#pieces.push(Buffer.allocUnsafeSlow(pieceSize))
      const copied = bytes.copy(this.#pieces.at(-1) ?? bytes, used, at)
      at += copied
      this.#bytes += copied
    }
  }

  /** All of it, in pieces; nothing is left. */
  take(): Buffer[] {
    const pieces = this.#pieces
    const used = this.#bytes % pieceSize
    const last = used === 0 ? undefined : pieces.pop()
    this.#pieces = []
    this.#bytes = 0
    return last ? [...pieces, last.subarray(0, used)] : pieces
  }
}
