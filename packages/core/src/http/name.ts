import { refuseField } from './problem.ts'

/** As the contract and the tables have it, in characters. */
const most = 64

/**
 * A name in NFC (UAX 15), so that what looks the same is the same. Some letters have no composed form
 * and become several characters there: what fitted before may not fit after.
 */
export function nameFrom(path: string, text: string): string {
  const name = text.normalize('NFC')
  if (Array.from(name).length > most)
    refuseField(path, 'maxLength', `must not have more than ${most} characters in NFC`)
  return name
}
