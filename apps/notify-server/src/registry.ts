import type { Stream } from './stream.ts'

/**
 * Streams by a number: a topic, a user, a session. Numbers without streams take no memory, and those
 * with one, most of them, no set: somebody who is in thousands of chats would have as many.
 */
export class Registry {
  readonly #streams = new Map<number, Stream | Set<Stream>>()

  /** In the order in which they were added. */
  get(key: number): Iterable<Stream> {
    const found = this.#streams.get(key)
    if (found === undefined) return none
    return found instanceof Set ? found : [found]
  }

  count(key: number): number {
    const found = this.#streams.get(key)
    if (found === undefined) return 0
    return found instanceof Set ? found.size : 1
  }

  add(key: number, stream: Stream): void {
    const found = this.#streams.get(key)
    if (found === undefined || found === stream) this.#streams.set(key, stream)
    else if (found instanceof Set) found.add(stream)
    else this.#streams.set(key, new Set([found, stream]))
  }

  delete(key: number, stream: Stream): void {
    const found = this.#streams.get(key)
    if (found === stream) this.#streams.delete(key)
    else if (found instanceof Set && found.delete(stream) && found.size === 0)
      this.#streams.delete(key)
  }

  clear(key: number): void {
    this.#streams.delete(key)
  }
}

const none: readonly Stream[] = []
