import type { Message } from '@parley/contract'
import { allReadable } from './readable.ts'

interface Row {
  chat_id: number
  messages: readonly Message[]
  used: number
}

const maps = ['workspaces', 'chats', 'users', 'topics', 'counting', 'waiting']

/** Whether what lay on the disk is a state to go on from. */
export function isKept(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('state' in value)) return false
  const { state } = value
  if (typeof state !== 'object' || state === null || !('me' in state)) return false
  const whole = maps.every((key) => Reflect.get(state, key) instanceof Map)
  return whole && 'cursor' in value && typeof value.cursor === 'string' && value.cursor !== ''
}

const isRow = (row: Row): boolean =>
  typeof row.chat_id === 'number' && Array.isArray(row.messages) && typeof row.used === 'number'

/** The messages of the chats that were used last, the latest at the end. */
export function newest(rows: readonly Row[], most: number): Map<number, readonly Message[]> {
  const sorted = rows.filter(isRow).toSorted((a, b) => a.used - b.used)
  return new Map(
    sorted.slice(-most).map(({ chat_id, messages }) => [chat_id, allReadable(messages)]),
  )
}
