import fc from 'fast-check'

/** Who takes part; the first two found a workspace each, with its channel general. */
export const peopleCount = 4

const doings = [
  'say',
  'try',
  'edit',
  'erase',
  'read',
  'join',
  'leave',
  'enter',
  'exit',
  'promote',
  'hide',
  'publish',
  'end',
] as const
type Does = (typeof doings)[number]

/** Something that happens; what cannot happen then is passed over. */
export interface Step {
  does: Does
  /** Which of the chats, workspaces or messages: modulo how many there are. */
  which: number
  who: number
  role: 'owner' | 'admin' | 'member'
  /** A seq, modulo how far the chat has come. */
  seq: number
}

/** One step of a graph that is written down. */
export const step = (does: Does, which: number, who: number): Step => ({
  does,
  which,
  who,
  role: 'member',
  seq: 0,
})

export interface Graph {
  chats: {
    type: 'single' | 'group' | 'private_channel' | 'public_channel'
    workspace: number
    history: 'all' | 'since_join'
    members: number[]
  }[]
  steps: Step[]
  /** Before which step the cursors are taken, and the streams are opened. */
  cut: number
  open: number
  /** Which of the ways to read are taken. */
  lens: number
}

const often: Partial<Record<Does, number>> = {
  say: 14,
  join: 6,
  leave: 6,
  edit: 3,
  enter: 5,
  exit: 2,
  end: 1,
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  does: fc.oneof(
    ...doings.map((does) => ({ weight: often[does] ?? 2, arbitrary: fc.constant(does) })),
  ),
  which: fc.nat({ max: 23 }),
  who: fc.nat({ max: peopleCount - 1 }),
  role: fc.constantFrom('owner', 'admin', 'member'),
  seq: fc.nat({ max: 40 }),
})

const anyChat = fc.record({
  type: fc.constantFrom('single', 'group', 'private_channel', 'public_channel'),
  workspace: fc.nat({ max: 1 }),
  history: fc.constantFrom('all', 'since_join'),
  members: fc.uniqueArray(fc.nat({ max: peopleCount - 1 }), { minLength: 2, maxLength: 3 }),
})

const graph: fc.Arbitrary<Graph> = fc.record({
  chats: fc.array(anyChat, { minLength: 2, maxLength: 3 }),
  steps: fc.array(anyStep, { minLength: 8, maxLength: 32, size: 'max' }),
  cut: fc.nat({ max: 16 }),
  open: fc.nat({ max: 16 }),
  lens: fc.nat({ max: 1000 }),
})

/**
 * Random workspaces, chats, memberships, roles and what happens to them. All are as likely: small numbers
 * more often would make the same few people do little.
 */
export const anyGraph: fc.Arbitrary<Graph> = fc.noBias(graph)

/** A graph with a group of the first two, where these steps happen. */
export const groupWith = (history: 'all' | 'since_join', ...steps: Step[]): Graph => ({
  chats: [{ type: 'group', workspace: 0, history, members: [0, 1] }],
  steps,
  cut: 0,
  open: 0,
  lens: 0,
})
