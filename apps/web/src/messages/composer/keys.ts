/** What sends: Enter, or Ctrl+Enter for who writes long texts. */
export type SendKey = 'enter' | 'ctrl_enter'

type Stroke = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'keyCode'
>

/** Keys of an input method are not ours: 229 is what browsers say that tell it too late. */
export const isInputMethod = ({ isComposing, keyCode }: Stroke): boolean =>
  isComposing || keyCode === 229

/** Whether a key sends the text; Enter breaks the line where it does not. */
export function sends(stroke: Stroke, sendKey: SendKey, fenced: boolean): boolean {
  if (stroke.key !== 'Enter' || isInputMethod(stroke)) return false
  if (stroke.ctrlKey || stroke.metaKey) return true
  return !stroke.shiftKey && !stroke.altKey && sendKey === 'enter' && !fenced
}

/** A key alone. */
export const isPlain = ({ shiftKey, ctrlKey, metaKey, altKey }: Stroke): boolean =>
  !shiftKey && !ctrlKey && !metaKey && !altKey
