import type { Choice, useCompletion } from './completion.ts'
import { isInputMethod, isPlain } from './keys.ts'

interface StrokesOptions {
  completion: ReturnType<typeof useCompletion>
  choose(choice: Choice): void
  submit(): void
  sends(event: KeyboardEvent): boolean
  /** Ends the change of a message; false where there is none. */
  leaves(): boolean
  /** Begins to change the last message, from an empty field; false where it does not. */
  goesBack(): boolean
}

/** What keys do in the field; those that do nothing of ours are left to the browser. */
export function strokes(options: StrokesOptions): (event: KeyboardEvent) => void {
  const { completion } = options

  function complete(event: KeyboardEvent): boolean {
    const choice = completion.choices.value[completion.active.value]
    if (!choice || !isPlain(event)) return false
    if (event.key === 'ArrowDown') completion.move(1)
    else if (event.key === 'ArrowUp') completion.move(-1)
    else if (event.key === 'Escape') completion.close()
    else if (event.key === 'Enter' || event.key === 'Tab') options.choose(choice)
    else return false
    return true
  }

  function take(event: KeyboardEvent): boolean {
    if (complete(event)) return true
    if (options.sends(event)) {
      options.submit()
      return true
    }
    if (!isPlain(event)) return false
    if (event.key === 'Escape') return options.leaves()
    return event.key === 'ArrowUp' && options.goesBack()
  }

  return (event) => {
    if (isInputMethod(event) || !take(event)) return
    event.preventDefault()
    event.stopPropagation()
  }
}
