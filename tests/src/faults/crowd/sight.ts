import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'
import type { Frame } from './frames.ts'
import type { Counts } from './orders.ts'

const Added = Type.Object({
  seq: Type.Integer(),
  chat: Type.Object({ id: Type.Integer(), last_seq: Type.Integer() }),
})
const Removed = Type.Object({ seq: Type.Integer(), chat_id: Type.Integer() })

/** How one stream's client keeps to the rules for one chat, and what was wrong with what came. */
export class Sight {
  readonly #chat: number
  readonly #start: string
  readonly #counts: Counts
  /** The last seq of the chat. */
  seq: number
  /** Not in the chat now. */
  away = false
  /** The last one that this connection brought. */
  #onConnection = 0
  /** Of what concerns the person alone, the seq of the last that was heeded. */
  #own = 0

  constructor(chat: number, seq: number, counts: Counts) {
    this.#chat = chat
    // An event's JSON begins with its topic and its seq.
    this.#start = `{"topic":"chat:${chat}","seq":`
    this.seq = seq
    this.#counts = counts
  }

  connected(): void {
    this.#onConnection = 0
  }

  take({ kind, data }: Frame): void {
    if (data.startsWith(this.#start))
      this.#event(Number.parseInt(data.slice(this.#start.length), 10))
    else if (kind === 'RemoveFromChat') this.#removed(data)
    else if (kind === 'AddToChat') this.#added(data)
  }

  #event(seq: number): void {
    const counts = this.#counts
    if (seq <= this.#onConnection) counts.doubles++
    this.#onConnection = Math.max(this.#onConnection, seq)
    if (seq <= this.seq) counts.again++
    else if (this.away) counts.leaks++
    else {
      if (seq !== this.seq + 1) counts.gaps++
      counts.events++
      this.seq = seq
    }
  }

  #removed(data: string): void {
    const removed = parseJson(data, Removed)
    if (removed?.chat_id === this.#chat && this.#isNew(removed.seq)) this.away = true
  }

  #added(data: string): void {
    const added = parseJson(data, Added)
    if (added?.chat.id !== this.#chat || !this.#isNew(added.seq)) return
    this.#counts.passed += added.chat.last_seq - this.seq
    this.seq = added.chat.last_seq
    this.away = false
  }

  /** A resume may bring again what is long known. */
  #isNew(seq: number): boolean {
    if (seq <= this.#own) return false
    this.#own = seq
    return true
  }
}
