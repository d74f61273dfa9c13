import type { Key } from '../words/words.ts'

const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)
/** The key that commands take here, as it is written on it. */
export const commandKey = isApple ? '⌘' : 'Ctrl'

export const actions = [
  'switcher',
  'previous',
  'next',
  'previous_unread',
  'next_unread',
  'region_next',
  'region_previous',
  'hide_sidebar',
  'shortcuts',
] as const
export type Action = (typeof actions)[number]

export interface Shortcut {
  action: Action
  name: Key
  keys: readonly string[]
}

export const shortcuts: readonly Shortcut[] = [
  { action: 'switcher', name: 'nav.jump', keys: [commandKey, 'K'] },
  { action: 'previous', name: 'nav.key_previous', keys: ['Alt', '↑'] },
  { action: 'next', name: 'nav.key_next', keys: ['Alt', '↓'] },
  { action: 'previous_unread', name: 'nav.key_previous_unread', keys: ['Alt', 'Shift', '↑'] },
  { action: 'next_unread', name: 'nav.key_next_unread', keys: ['Alt', 'Shift', '↓'] },
  { action: 'region_next', name: 'nav.key_region_next', keys: ['F6'] },
  { action: 'region_previous', name: 'nav.key_region_previous', keys: ['Shift', 'F6'] },
  { action: 'hide_sidebar', name: 'nav.key_hide_sidebar', keys: [commandKey, 'Shift', 'D'] },
  { action: 'shortcuts', name: 'nav.shortcuts', keys: [commandKey, '/'] },
]

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'isComposing'
>

/** What a key press asks for, if it is a shortcut of the whole page. */
export function actionOf(event: Pressed): Action | undefined {
  const { key, code, altKey: alt, shiftKey: shift } = event
  const command = event.ctrlKey || event.metaKey
  if (event.isComposing) return undefined
  if (key === 'F6' && !alt) return shift ? 'region_previous' : 'region_next'
  if (alt && !command && key === 'ArrowUp') return shift ? 'previous_unread' : 'previous'
  if (alt && !command && key === 'ArrowDown') return shift ? 'next_unread' : 'next'
  if (!command || alt) return undefined
  // Where the letter is not Latin, the place of the key counts.
  if (!shift && (key.toLowerCase() === 'k' || (code === 'KeyK' && key.charCodeAt(0) > 127)))
    return 'switcher'
  if (shift && (key.toLowerCase() === 'd' || (code === 'KeyD' && key.charCodeAt(0) > 127)))
    return 'hide_sidebar'
  // On many keyboards the slash takes Shift.
  return key === '/' ? 'shortcuts' : undefined
}
