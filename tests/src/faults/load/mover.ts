import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Caller } from './caller.ts'
import type { Person } from './people.ts'

export interface MoverOptions {
  owner: Person
  /** Who comes and goes. */
  people: readonly [Person, ...Person[]]
  chats: readonly [number, ...number[]]
  call: Caller
  random: Random
  pauseMs: readonly [number, number]
  until: AbortSignal
}

/** The owner of chats, who removes people in the middle of what they say and takes them in again. */
export async function move(options: MoverOptions): Promise<void> {
  const { owner, people, chats, call, random, until } = options
  const out = new Set<string>()
  while (!until.aborted) {
    const [chat, person] = [random.pick(chats), random.pick(people)]
    const key = `${chat} ${person.id}`
    const does = out.has(key) ? ('add' as const) : ('remove' as const)
    const { outcome } = await call(
      owner,
      owner.main,
      { does, chat, user: person.id },
      random.between(0, 1),
    )
    // A removal that is refused says that they are out already.
    if (does === 'remove') out.add(key)
    else if (outcome === 'ok') out.delete(key)
    await delay(random.between(...options.pauseMs), undefined, { signal: until }).catch(() => 0)
  }
}
