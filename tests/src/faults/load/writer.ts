import { setTimeout as delay } from 'node:timers/promises'
import { makeNonce } from '@parley/sdk'
import type { MessageSeen } from '../history/entry.ts'
import { digest } from '../history/recorder.ts'
import type { Random } from '../random.ts'
import type { Caller, Result } from './caller.ts'
import type { Person } from './people.ts'

export interface WriterOptions {
  person: Person
  chats: readonly [number, ...number[]]
  call: Caller
  random: Random
  /** The pause between two actions, in milliseconds. */
  pauseMs: readonly [number, number]
  until: AbortSignal
}

/** Text of many lengths, in letters of one to four bytes. */
function makeContent(nonce: string, random: Random): string {
  const letter = random.pick(['a', 'ä', '漢', '🙂'])
  const long = random.next() < 0.03 ? 2000 : random.between(0, 120)
  return `${nonce} ${letter.repeat(long)}`
}

/**
 * Somebody who does what people do: sends mostly, reads, edits and deletes their own, moves their
 * marker. One thing at a time: what they do next, they do because the last one was answered.
 */
export async function write(options: WriterOptions): Promise<void> {
  const { person, call, random, until } = options
  const own: { chat: number; message: MessageSeen }[] = []
  const newest = new Map<number, number>()

  const prepare = () => {
    const nonce = makeNonce()
    const content = makeContent(nonce, random)
    const text = digest(content)
    person.contents.set(text, content)
    return { nonce, text }
  }
  const act = async (chat: number): Promise<Result> => {
    const server = random.between(0, 1)
    const dice = random.next()
    const mine = own.filter((one) => one.chat === chat).at(-random.between(1, 5))
    if (mine && dice < 0.06) {
      const action = { does: 'edit', chat, message: mine.message.id, text: prepare().text } as const
      return call(person, person.main, action, server)
    }
    if (mine && dice < 0.09) {
      own.splice(own.indexOf(mine), 1)
      const action = { does: 'delete', chat, message: mine.message.id } as const
      return call(person, person.main, action, server)
    }
    const seq = newest.get(chat)
    if (seq !== undefined && dice < 0.16) {
      const to = random.next() < 0.2 ? Math.max(0, seq - random.between(1, 20)) : seq
      return call(person, person.main, { does: 'mark', chat, seq: to }, server)
    }
    if (dice < 0.26) return call(person, person.main, { does: 'read', chat }, server)
    const sent = await call(person, person.main, { does: 'send', chat, ...prepare() }, server)
    for (const message of sent.messages ?? []) own.push({ chat, message })
    return sent
  }

  while (!until.aborted) {
    const chat = random.pick(options.chats)
    const { messages } = await act(chat)
    const seq = messages?.at(-1)?.seq
    if (seq !== undefined) newest.set(chat, Math.max(seq, newest.get(chat) ?? 0))
    await delay(random.between(...options.pauseMs), undefined, { signal: until }).catch(() => 0)
  }
}
