import type { Client } from '@parley/sdk'
import type { Person } from './people.ts'

/** The chats of a run: one of each kind, and one where newcomers see nothing from before. */
export interface Places {
  /** A public channel; nobody leaves it. */
  hall: number
  /** A private channel, where people come and go. */
  secret: number
  /** A group with `since_join`, where people come and go. */
  recent: number
  /** Of the first two people. */
  single: number
}

export async function makePlaces(owner: Client, people: readonly Person[]): Promise<Places> {
  const others = people.slice(1).map(({ id }) => id)
  const make = async (body: Parameters<Client['createChat']>[0]['body']) =>
    (await owner.createChat({ body })).id
  return {
    hall: await make({ type: 'public_channel', name: 'hall', user_ids: others }),
    secret: await make({ type: 'private_channel', name: 'secret', user_ids: others }),
    recent: await make({
      type: 'group',
      user_ids: others,
      history: 'since_join',
    }),
    single: await make({ type: 'single', user_id: others[0] ?? 0 }),
  }
}
