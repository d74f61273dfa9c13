import { sql } from '@parley/core/db/sql'
import { ParleyError } from '@parley/sdk'
import type { Stack } from '../stack/servers.ts'
import { type Action, pick } from './actions/attempt.ts'
import { type Stage, actorOf, callerOf, openStage } from './stage.ts'
import { openChannel, openGroup } from './actions/chats.ts'
import { put } from './actions/members.ts'
import { founding, joining } from './actions/workspaces.ts'
import type { World } from './world/world.ts'

/** Plays something with fresh people and then compares. What fails says everything that was done. */
export async function play(
  stack: Stack,
  act: (stage: Stage, world: World) => Promise<void>,
  compare: (stage: Stage, world: World) => Promise<void>,
): Promise<void> {
  const { stage, world } = await openStage(stack)
  try {
    await begin(stage, world)
    await act(stage, world)
    await bringBack(stage, world)
    await compare(stage, world)
  } catch (error) {
    throw new Error([...stage.transcript, '', saying(error)].join('\n'), { cause: error })
  } finally {
    await stage.close()
    await hide(stack, world)
  }
}

const saying = (error: unknown): string =>
  error instanceof ParleyError
    ? `${error.code} ${JSON.stringify(error.errors)}`
    : error instanceof Error
      ? error.message
      : String(error)

/**
 * Where every sequence begins: Ann, Bob and Cid in an open workspace, with a group of Bob's and a
 * private channel of Cid's that shows newcomers nothing. Dee is in none of it.
 */
const beginning: readonly [by: number, action: Action][] = [
  [0, founding(0, 'open')],
  [1, joining(0)],
  [2, joining(0)],
  [1, openGroup([0, 2], undefined, 'all')],
  [1, put(1, 2, 'admin')],
  [2, openChannel({ type: 'private_channel', name: 'two', people: [1], history: 'since_join' })],
]

async function begin(stage: Stage, world: World): Promise<void> {
  for (const [n, action] of beginning) {
    const person = pick(world.people, n)
    if (person) await action.plan(world, person)?.prove(callerOf(stage, person, n))
  }
}

async function bringBack(stage: Stage, world: World): Promise<void> {
  for (const person of world.people) {
    if (!person.away) continue
    const { proxy, follower } = actorOf(stage, person)
    person.away = false
    proxy.leadTo(stage.stack.eventsUrls[0] ?? '')
    follower.stream.wake()
  }
}

/** Only so many open workspaces are listed: those of the sequences before must not crowd them. */
const hide = ({ sql: db }: Stack, { workspaces }: World) =>
  db.run(sql`
    update workspaces set join_policy = 'invite'
    where id = any (${workspaces.map(({ id }) => id)}::bigint[])`)
