import { type Follower, startFollower } from '../db/follower.ts'
import type { KeySet } from './key-set.ts'

/** How often the keys are read, in milliseconds: with the rest, what a lost bell costs. */
const everyMs = 500
/** How long the bell, which rings for every event, is left unheard after that, in milliseconds. */
const restMs = 250

export interface KeysOptions {
  url: string
  keys: KeySet
  failed(error: unknown): void
}

/** Has a server know each key before it signs, and no longer than its tokens count. */
export const followKeys = ({ url, keys, failed }: KeysOptions): Pick<Follower, 'stop'> =>
  startFollower({
    url,
    name: 'parley keys',
    everyMs,
    restMs: () => restMs,
    round: ({ db }) => keys.learn(db),
    failed,
  })
