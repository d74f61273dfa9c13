import { parseArgs } from 'node:util'
import { faults } from '../nemesis/all.ts'
import type { Fault } from '../nemesis/fault.ts'

/** What the command line asks for. */
export type Options =
  | { does: 'help' }
  | { does: 'list' }
  | ({ does: 'run' } & Common & { faults: Fault[]; seed: number; seconds: number; clients: number })
  | ({ does: 'profile' } & Common & { profile: ProfileName; seed: number | undefined })

interface Common {
  /** Keeps history, logs and dump of runs that passed too. */
  keep: boolean
}

export const profileNames = ['smoke', 'full'] as const
export type ProfileName = (typeof profileNames)[number]

export const help = `npm run faults -- [options]

  --seed N           what is drawn at random; the same seed draws the same (1)
  --faults F01,F09   which faults, by id or name; each in all its ways (see --list)
  --seconds S        how long they go on; 0: each of their ways once (0)
  --clients C        how many people write and read, 3 to 50 (8)
  --profile P        smoke: five seeds, as CI runs them; full: every fault there is
                     (with --seed only that run of it)
  --keep             keep history, logs, dump and timeline of what passed, too
  --list             the faults and their ways
`

/** Throws an Error whose message is a sentence for the person who typed it. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      faults: { type: 'string' },
      seconds: { type: 'string', default: '0' },
      clients: { type: 'string', default: '8' },
      profile: { type: 'string' },
      keep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return { does: 'help' }
  if (values.list) return { does: 'list' }
  const { keep } = values
  const seed = values.seed === undefined ? undefined : whole('--seed', values.seed, 0, 2 ** 32 - 1)
  if (values.profile !== undefined) {
    const profile = profileNames.find((name) => name === values.profile)
    if (!profile) throw new Error(`--profile is ${profileNames.join(' or ')}.`)
    if (values.faults !== undefined) throw new Error('--profile has faults of its own.')
    return { does: 'profile', profile, seed, keep }
  }
  return {
    does: 'run',
    seed: seed ?? 1,
    faults: values.faults === undefined ? [] : values.faults.split(',').map(findFault),
    seconds: whole('--seconds', values.seconds, 0, 480),
    clients: whole('--clients', values.clients, 3, 50),
    keep,
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new Error(`${name} is a whole number from ${least} to ${most}.`)
}

function findFault(text: string): Fault {
  const fault = faults.find(({ id, name }) => id === text || name === text)
  if (fault) return fault
  throw new Error(`There is no fault ${text}; --list shows all.`)
}
