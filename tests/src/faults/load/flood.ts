import { makeNonce } from '@parley/sdk'
import { digest } from '../history/recorder.ts'
import type { Load } from './load.ts'
import type { Person } from './people.ts'

/** Messages of 30 kB, more than the buffers of the system and the server hold together. */
export async function flood(load: Load, chat: number, count: number): Promise<void> {
  const [owner, other] = load.people
  const sender = other ?? owner
  for (let sent = 0; sent < count;) {
    const batch = Array.from({ length: Math.min(10, count - sent) }, async (_, n) => {
      const nonce = makeNonce()
      const content = `${nonce} ${'🙂'.repeat(7900)}`
      const text = digest(content)
      sender.contents.set(text, content)
      await load.call(sender, sender.main, { does: 'send', chat, nonce, text }, n)
    })
    await Promise.all(batch)
    sent += batch.length
  }
}

/** The longest message there can be: 128 kB. */
const long = '🙂'.repeat(31_900)
export const longBytes = Buffer.byteLength(long)
const atOnce = 8

/** So many of the longest messages; returns the seq of the last. */
export async function floodLong(
  load: Load,
  sender: Person,
  chat: number,
  count: number,
): Promise<number> {
  let left = count
  let last = 0
  const one = async (n: number) => {
    while (left-- > 0) {
      const nonce = makeNonce()
      const content = `${nonce} ${long}`
      const text = digest(content)
      sender.contents.set(text, content)
      const action = { does: 'send', chat, nonce, text } as const
      const { messages } = await load.call(sender, sender.main, action, n)
      last = Math.max(last, messages?.[0]?.seq ?? 0)
      sender.contents.delete(text)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, n) => one(n)))
  return last
}
