import { type WritableComputedRef, computed, shallowRef } from 'vue'

/** A setting of this browser that is remembered; what does not parse is as if it was not there. */
export function stored<T extends string | number | boolean>(
  key: string,
  otherwise: T,
  parse: (text: string) => T | undefined,
): WritableComputedRef<T> {
  const text = localStorage.getItem(key)
  const kept = shallowRef({ now: text === null ? otherwise : (parse(text) ?? otherwise) })
  return computed({
    get: () => kept.value.now,
    set(next) {
      kept.value = { now: next }
      localStorage.setItem(key, String(next))
    },
  })
}

export const asBoolean = (text: string): boolean | undefined =>
  text === 'true' ? true : text === 'false' ? false : undefined

export const asNumber =
  (least: number, most: number) =>
  (text: string): number | undefined => {
    const number = Number(text)
    return number >= least && number <= most ? number : undefined
  }
