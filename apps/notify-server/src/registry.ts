import type { Stream } from './stream.ts'

/** Streams by a number: a topic, a user, a session. Numbers without streams take no memory. */
export class Registry {
  readonly #sets = new Map<number, Set<Stream>>()

  /** In the order in which they were added. */
  get(key: number): ReadonlySet<Stream> {
    return this.#sets.get(key) ?? none
  }

  add(key: number, stream: Stream): void {
    const set = this.#sets.get(key)
    if (set) set.add(stream)
    else this.#sets.set(key, new Set([stream]))
  }

  delete(key: number, stream: Stream): void {
    const set = this.#sets.get(key)
    if (set?.delete(stream) && set.size === 0) this.#sets.delete(key)
  }

  clear(key: number): void {
    this.#sets.delete(key)
  }
}

const none: ReadonlySet<Stream> = new Set()
