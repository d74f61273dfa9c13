import { type Follower, startFollower } from '../db/follower.ts'
import type { KeySet } from './key-set.ts'

/** How often the keys are read, in milliseconds: how long one that was dropped still counts. */
const everyMs = 400

export interface KeysOptions {
  url: string
  keys: KeySet
  failed(error: unknown): void
}

/**
 * Has a server know each key long before it signs, and not for longer than its tokens count. It listens to
 * no bell: that rings for every message, and for a key hardly ever.
 */
export const followKeys = ({ url, keys, failed }: KeysOptions): Pick<Follower, 'stop'> =>
  startFollower({
    url,
    name: 'parley keys',
    deaf: true,
    everyMs,
    round: ({ db }) => keys.learn(db),
    failed,
  })
