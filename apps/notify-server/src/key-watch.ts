import type { KeySet } from '@parley/core/tokens/key-set'
import type { Hub } from './hub.ts'

/** How often to look, in milliseconds: what it adds to the bound. */
const everyMs = 200

/**
 * Ends the streams that were opened by a key whose tokens count no more: somebody else may have had it.
 * Their clients come back with a new token, as when the old one ended.
 */
export function watchKeys(hub: Hub, keys: Pick<KeySet, 'has'>): { stop(): void } {
  const timer = setInterval(() => {
    for (const stream of hub.streams) {
      const { kid } = stream.reader
      if (kid !== undefined && !keys.has(kid)) stream.close('token_expired')
    }
  }, everyMs)
  return { stop: () => clearInterval(timer) }
}
