import { nextTick, shallowRef } from 'vue'
import { useAnchor } from './anchor.ts'

/** What stays where it is while rows come and are measured: the end, or a row's place from the top. */
export type Hold =
  | { readonly at: 'end' }
  | { readonly at: 'row'; readonly key: string; readonly part: number; readonly offset: number }

/** So near to the end counts as being there, in pixels. */
const nearEnd = 40

interface Options {
  box(): HTMLElement | null
  /** Whether the end of the list is that of the chat. */
  hasEnd(): boolean
  /** Where a row begins that may not be in the page. */
  offsetOf(key: string): number | undefined
}

/** `part` of the screen's height and `offset` pixels: where the row's top is to be. */
export const rowAt = (key: string, part: number, offset = 0): Hold => ({
  at: 'row',
  key,
  part,
  offset,
})
export const theEnd: Hold = { at: 'end' }

export function useHold({ box, hasEnd, offsetOf }: Options) {
  let held: Hold | undefined
  const anchor = useAnchor(box)
  let last = 0
  let height = 0
  const atEnd = shallowRef(false)
  /** Sizes changed, and the page does not show it yet. */
  let unsettled = false

  const distance = (element: HTMLElement): number =>
    element.scrollHeight - element.scrollTop - element.clientHeight

  /** How far the row is from where it is to be; undefined where it is not in the page. */
  function rowDistance(element: HTMLElement, hold: Hold & { at: 'row' }): number | undefined {
    const row = element.querySelector(`[data-key="${CSS.escape(hold.key)}"]`)?.parentElement
    if (!row) return undefined
    const wanted = hold.part * element.clientHeight + hold.offset
    return row.getBoundingClientRect().top - element.getBoundingClientRect().top - wanted
  }

  /** To be called before the page shows a change: whatever is read then stays where it is. */
  function before(): void {
    const element = box()
    if (unsettled || !element) return
    // The reader scrolled, and the event is still to come.
    if (Math.abs(element.scrollTop - last) > 1) scrolled()
    unsettled = true
    if (held) anchor.forget()
    else anchor.note()
  }

  function apply(): void {
    unsettled = false
    const element = box()
    if (!element) return
    if (!held) anchor.restore()
    if (held?.at === 'end' && hasEnd()) element.scrollTop = element.scrollHeight
    if (held?.at === 'row') {
      const off = rowDistance(element, held)
      const offset = off === undefined ? offsetOf(held.key) : undefined
      if (off !== undefined && Math.abs(off) >= 0.5) element.scrollTop += off
      if (offset !== undefined)
        element.scrollTop = offset - held.part * element.clientHeight - held.offset
    }
    see(element)
  }

  function see(element: HTMLElement): void {
    last = element.scrollTop
    height = element.clientHeight
    atEnd.value = hasEnd() && distance(element) <= nearEnd
  }

  function scrolled(): void {
    const element = box()
    if (!element || unsettled) return
    // The window moved the list, as when it is turned round, and not its reader.
    if (held && element.clientHeight !== height) return apply()
    const up = element.scrollTop < last
    const end = hasEnd() && distance(element) <= nearEnd
    if (held?.at === 'row') {
      const off = rowDistance(element, held)
      if (off !== undefined && Math.abs(off) > 1) held = undefined
    }
    if (held?.at === 'end' && up && !end) held = undefined
    else if (held === undefined && end) held = theEnd
    see(element)
  }

  return {
    atEnd,
    apply,
    set(hold: Hold | undefined): void {
      held = hold
      apply()
    },
    before,
    resized(): void {
      before()
      void nextTick(apply)
    },
    /** The list is put somewhere, and not by its reader. */
    isHeld: (): boolean => held !== undefined,
    /** The reader takes over. */
    release(): void {
      if (held?.at === 'row') held = undefined
      height = box()?.clientHeight ?? 0
    },
    scrolled,
  }
}
