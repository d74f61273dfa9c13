import type { Event, Message } from '@parley/contract'
import { type ShallowRef, shallowRef } from 'vue'
import {
  type Page,
  type Place,
  type Segment,
  applyToSegments,
  closed,
  covers,
  hasMoreAfter,
  hasMoreBefore,
  insertMessage,
  keepAround,
  mergeSegment,
  segmentAt,
  segmentOf,
} from './segments.ts'

/** The run of messages that a list shows, ascending by seq. */
export interface Timeline {
  readonly messages: readonly Message[]
  readonly hasMoreBefore: boolean
  readonly hasMoreAfter: boolean
  /** What the browser kept: where the chat ends now is not known. */
  readonly isPreview: boolean
}

/** Messages on each side of what is read when the rest is let go: of a restart, and of a chat that is left. */
const keptEach = 50
const keptWhenLeft = 100

type Change = (segments: readonly Segment[]) => readonly Segment[]

/** What was loaded of one chat, and which part of it is shown. */
export class Loaded {
  readonly chatId: number
  readonly shown: ShallowRef<Timeline | undefined> = shallowRef()
  isListed = false
  /** Where somebody reads; undefined until a list that shows the chat tells. */
  reading: number | undefined
  #segments: readonly Segment[] = []
  /** A seq of the segment that is shown; Infinity for the chat's end. */
  #at: number | undefined
  #segment: Segment | undefined
  /** What became known since a request was sent: its page may be older than that. */
  readonly #meanwhile = new Set<Change[]>()
  /** Grows when events were lost: pages that were asked for before are to be asked for again. */
  #generation = 0
  /** Grows when the chat goes: nobody is to ask for it again. */
  #goings = 0

  readonly #onEnd: (messages: readonly Message[]) => void
  #end: readonly Message[] | undefined

  /** `onEnd` is told of the chat's last messages, whenever they are others. */
  constructor(chatId: number, onEnd: (messages: readonly Message[]) => void = () => undefined) {
    this.chatId = chatId
    this.#onEnd = onEnd
  }

  /** Shows what the browser kept, until something is loaded. */
  preview(messages: readonly Message[]): void {
    this.shown.value ??= {
      messages,
      hasMoreBefore: true,
      hasMoreAfter: true,
      isPreview: true,
    }
  }

  get segment(): Segment | undefined {
    return this.#segment
  }
  get messages(): readonly Message[] {
    return this.#segments.flatMap(({ messages }) => messages)
  }

  has(seq: number): boolean {
    return segmentAt(this.#segments, seq) !== undefined
  }

  /** Whether a message of this seq stands in the list, if there is a list. */
  shows(seq: number): boolean {
    return !this.isListed || (this.#segment !== undefined && covers(this.#segment, seq))
  }

  show(seq: number): void {
    this.#at = seq
    this.#put(this.#segments)
  }

  #put(segments: readonly Segment[]): void {
    this.#segments = segments
    const end = segmentAt(segments, Infinity)?.messages
    if (end && end !== this.#end) this.#onEnd(end)
    this.#end = end
    const segment = this.#at === undefined ? undefined : segmentAt(segments, this.#at)
    if (segment === this.#segment) return
    this.#segment = segment
    this.shown.value = segment && {
      messages: segment.messages,
      hasMoreBefore: hasMoreBefore(segment),
      hasMoreAfter: hasMoreAfter(segment),
      isPreview: false,
    }
  }

  /** Takes over a page that `ask` gets; asks again where events were lost meanwhile. */
  async take<Asked extends Page>(place: Place, ask: () => Promise<Asked>): Promise<Asked> {
    for (;;) {
      const [generation, goings] = [this.#generation, this.#goings]
      const meanwhile: Change[] = []
      this.#meanwhile.add(meanwhile)
      try {
        const page = await ask()
        if (goings !== this.#goings) return page
        if (generation !== this.#generation) continue
        const fresh = segmentOf(page, place)
        if (fresh)
          this.#put(
            meanwhile.reduce(
              (segments, change) => change(segments),
              mergeSegment(this.#segments, fresh),
            ),
          )
        return page
      } finally {
        this.#meanwhile.delete(meanwhile)
      }
    }
  }

  #change(change: Change): void {
    for (const list of this.#meanwhile) list.push(change)
    this.#put(change(this.#segments))
  }

  apply(event: Event): void {
    this.#change((segments) => applyToSegments(segments, event, this.chatId))
  }

  insert(message: Message): void {
    this.#change((segments) => segments.map((segment) => insertMessage(segment, message)))
  }

  #clear(): void {
    this.#at = undefined
    this.#put([])
  }

  forget(): void {
    this.#goings++
    this.#clear()
  }

  /** What came after the last message is not known any more: it is asked for again. */
  reopen(): void {
    if (this.#at === Infinity) this.#at = this.#segment?.messages.at(-1)?.seq
    this.#put(this.#segments.map(closed))
  }

  /** Events were lost: keeps only what somebody reads, until it is asked for again. Tells where. */
  restart(): number | undefined {
    const { segment, reading } = this
    const kept = segment && reading !== undefined && keepAround(segment, reading, keptEach)
    this.#generation++
    this.#clear()
    if (!kept) return undefined
    this.#at = kept.messages[0]?.seq
    this.#put([closed(kept)])
    return reading
  }

  /** No list shows it any more. */
  left(): void {
    const { segment, reading } = this
    this.reading = undefined
    this.isListed = false
    const kept = segment && reading !== undefined && keepAround(segment, reading, keptWhenLeft)
    if (!kept) return
    this.#at = hasMoreAfter(kept) ? reading : Infinity
    this.#put([kept])
  }
}
