import { closer } from './closer.ts'
import { bootstrapLook, lists } from './lists.ts'
import type { Look } from './look.ts'
import type { Stage } from './stage.ts'

/** Every person at one of the lists, and at every second chat in one of the ways: the lens says which. */
export async function looks(stage: Stage, lens: number): Promise<{ who: number; look: Look }[]> {
  const found: { who: number; look: Look }[] = []
  for (const [who] of stage.people.entries()) {
    found.push({ who, look: await bootstrapLook(stage, who) })
    const list = lists[(lens + who) % lists.length]
    if (list) found.push({ who, look: await list(stage, who) })
    for (const [at, chat] of stage.chats.entries()) {
      const way = closer[(Math.floor(lens / 2) + who + 3 * at) % closer.length]
      if (way && (lens + who + at) % 2 === 0)
        found.push({ who, look: await way(stage, who, chat, lens) })
    }
  }
  return found
}
