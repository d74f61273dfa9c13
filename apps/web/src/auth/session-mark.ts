import type { Me } from '@parley/contract'

const key = 'parley.session'
const ownerKey = 'parley.owner'

const isMe = (value: unknown): value is Me =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'number' &&
  'username' in value &&
  typeof value.username === 'string'

/**
 * Who has a session in this browser, so that nobody is asked who has none, and a page that opens need
 * not ask first. It opens nothing: the session is a cookie that no script can read.
 */
export const mark = {
  read(): Me | undefined {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
      return isMe(value) ? value : undefined
    } catch {
      return undefined
    }
  },
  set(me: Me): void {
    localStorage.setItem(key, JSON.stringify(me))
    localStorage.setItem(ownerKey, String(me.id))
  },
  clear: (): void => localStorage.removeItem(key),
  /**
   * Whose drafts and unsent messages the browser keeps, also when their session is over: they are there
   * when the same person signs in again, and gone when somebody else does.
   */
  owner: (): number | undefined => Number(localStorage.getItem(ownerKey) ?? 0) || undefined,
  disown: (): void => localStorage.removeItem(ownerKey),
}
