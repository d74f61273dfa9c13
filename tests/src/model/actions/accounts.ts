import { updateMe } from '@parley/contract'
import fc from 'fast-check'
import { append } from '../world/topic.ts'
import { chatsOf, workspacesOf } from '../world/views.ts'
import { who } from './arbitraries.ts'
import { type Action, attempt, pick, same } from './attempt.ts'

/** Another name for oneself, or one that somebody may have. */
const rename = (whose: number, more: string): Action => ({
  plan(world, by) {
    const first = pick(world.people, whose)
    if (!first) return undefined
    const username = `${first.name}_${world.tag}${more}`
    return attempt(
      `takes the name ${username}`,
      ({ client }) => client.request(updateMe, { body: { username } }),
      () => {
        const others = world.people.filter((person) => person !== by)
        if (others.some((other) => other.username.toLowerCase() === username.toLowerCase())) {
          return 'account_taken'
        }
        if (by.username !== username) {
          const outside = chatsOf(world, by).filter(({ workspace }) => workspace === undefined)
          for (const topic of [by, ...workspacesOf(world, by), ...outside]) {
            append(topic, 'UserUpdated', by)
          }
        }
        by.username = username
        const { id } = by
        return {
          status: 200,
          shows: (answer) => same({ id: answer.id, username: answer.username }, { id, username }),
        }
      },
    )
  },
})

export const renames: fc.Arbitrary<Action> = fc
  .tuple(who, fc.constantFrom('', 'b', 'C', 'c'))
  .map(([whose, more]) => rename(whose, more))
