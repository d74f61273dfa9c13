import { makeNonce } from '@parley/sdk'
import { digest } from '../history/recorder.ts'
import type { Load } from './load.ts'

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
