import { until } from '@parley/core/testing/until'
import type { ChatName, NotifyName, ServerName } from '../cluster/cluster.ts'
import type { Direction } from '../network/connection.ts'
import type { Link } from '../network/link.ts'
import type { Field } from './fault.ts'
import { holdCommits, holdLock } from './locks.ts'

/** Where a message is on its way from the sender to the readers. */
export const steps = [
  'request-on-its-way',
  'statement-on-its-way',
  'waiting-for-a-lock',
  'waiting-to-commit',
  'committed-and-not-answered',
  'answer-on-its-way',
  'event-on-its-way-to-the-server',
  'event-on-its-way-to-the-reader',
] as const
export type Step = (typeof steps)[number]

interface Place {
  link: Link
  direction: Direction
}

function placeOf(
  { cluster }: Field,
  step: Exclude<Step, 'waiting-for-a-lock' | 'waiting-to-commit'>,
  chat: ChatName,
  notify: NotifyName,
): Place {
  switch (step) {
    case 'request-on-its-way':
      return { link: cluster.front[chat], direction: 'up' }
    case 'statement-on-its-way':
      return { link: cluster.back[chat], direction: 'up' }
    case 'committed-and-not-answered':
      return { link: cluster.back[chat], direction: 'down' }
    case 'answer-on-its-way':
      return { link: cluster.front[chat], direction: 'down' }
    case 'event-on-its-way-to-the-server':
      return { link: cluster.back[notify], direction: 'down' }
    case 'event-on-its-way-to-the-reader':
      return { link: cluster.front[notify], direction: 'down' }
    default:
      return step satisfies never
  }
}

/** One of these servers that clients are connected to: after a fault all may be at the other one. */
export function busy<Name extends ServerName>(
  { cluster, random }: Field,
  names: readonly [Name, ...Name[]],
): Name {
  const [first = names[0], ...rest] = names.filter((name) => cluster.front[name].connections > 0)
  return random.pick([first, ...rest])
}

/** Longest wait for traffic to come to the place, in milliseconds. */
const patience = 5000

/**
 * Does something at the very moment when messages are at this step: holds them there, waits until
 * some are held, acts, and lets go. Returns how much was held.
 */
export async function atStep(
  field: Field,
  step: Step,
  servers: { chat: ChatName; notify: NotifyName },
  act: () => Promise<void>,
): Promise<number> {
  if (step === 'waiting-for-a-lock') return holdLock(field, field.load.places.hall, act)
  if (step === 'waiting-to-commit') return holdCommits(field, act)
  const { link, direction } = placeOf(field, step, servers.chat, servers.notify)
  const before = link[direction].heldBytes
  link.set(direction, { held: true })
  try {
    await until(() => link[direction].heldBytes > before, {
      timeoutMs: patience,
      what: `something to be held at ${link.name}`,
    })
    await act()
    return link[direction].heldBytes - before
  } finally {
    link.set(direction, { held: false })
  }
}
