import type { Component } from 'vue'

export interface MenuItem {
  text: string
  act(): void
  icon?: Component
  /** The shortcut that does the same. */
  keys?: string
  /** It destroys something: last, after a line. */
  danger?: boolean
  /** Makes it one that is on or off. */
  checked?: boolean
}

/** Which item a key goes to, of so many, from the one at `index`; undefined for other keys. */
export function moved(key: string, index: number, count: number): number | undefined {
  if (key === 'ArrowDown') return (index + 1) % count
  if (key === 'ArrowUp') return (index - 1 + count) % count
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  return undefined
}

/** The next item that begins with the letter, from the one behind `index`. */
export function lettered(
  letter: string,
  index: number,
  texts: readonly string[],
): number | undefined {
  const wanted = letter.toLocaleLowerCase()
  for (let step = 1; step <= texts.length; step++) {
    const at = (index + step) % texts.length
    if (texts[at]?.toLocaleLowerCase().startsWith(wanted)) return at
  }
  return undefined
}
