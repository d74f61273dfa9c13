import { inFence } from './text.ts'

/** What is being completed: from `start` to the caret. */
export interface Trigger {
  kind: 'person' | 'emoji'
  query: string
  start: number
}

/** As the server finds mentions; a name has at most 64 characters. */
const person = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{M}\p{N}_.-]{0,64})$/u
const emoji = /(?<![\p{L}\p{N}:]):([a-z0-9_+-]{2,40})$/iu
const whole = /(?<![\p{L}\p{N}:]):([a-z0-9_+-]{2,40}):$/iu

const inCode = (text: string, caret: number): boolean => {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret)
  return (line.split('`').length - 1) % 2 === 1 || inFence(text, caret)
}

/** What the word before the caret asks for. */
export function triggerAt(text: string, caret: number): Trigger | undefined {
  const before = text.slice(Math.max(0, caret - 70), caret)
  for (const [kind, pattern] of [
    ['person', person],
    ['emoji', emoji],
  ] as const) {
    const found = pattern.exec(before)
    if (!found || inCode(text, caret)) continue
    return { kind, query: found[1] ?? '', start: caret - found[0].length }
  }
  return undefined
}

/** The `:name:` that ends at the caret. */
export function emojiNameAt(text: string, caret: number): Trigger | undefined {
  const found = whole.exec(text.slice(Math.max(0, caret - 50), caret))
  if (!found || inCode(text, caret)) return undefined
  return { kind: 'emoji', query: (found[1] ?? '').toLowerCase(), start: caret - found[0].length }
}
