import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from '@parley/core/db/pool'
import { loadSecrets } from '@parley/core/secrets'
import { StartError } from '@parley/core/start-error'
import { dropKeys, publishedFor, rotateKeys } from '@parley/core/tokens/rotation'
import type { Command } from '../command.ts'
import { withKeys } from '../keys/with-keys.ts'
import { say } from '../say.ts'

const noKey = (): never => {
  throw new StartError('There is no key to rotate yet: the chat server makes the first one.')
}

const until = (seconds: number): string =>
  seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds)} s`

/** Rotates when the next key was published for long enough; in haste it waits for that. */
async function rotate(pool: Pool, masterKey: Buffer, isInHaste: boolean): Promise<void> {
  const atLeast = isInHaste ? publishedFor.inHaste : publishedFor.byHand
  for (;;) {
    const outcome = await rotateKeys(pool, masterKey, atLeast)
    if (outcome.did === 'nothing') return noKey()
    if (outcome.did === 'rotate') {
      say(`The key ${outcome.kid} signs now.`)
      say(`Tokens by ${outcome.retired} count until they end, in ten minutes at most.`)
      return
    }
    const left = until(outcome.seconds)
    if (!isInHaste)
      throw new StartError(
        `The next key was published a moment ago, and others may not have read it yet. ` +
          `Try again in ${left}, or add --now, which waits for Parley's own servers only.`,
      )
    say(`Waiting ${left}, until every server knows the next key.`)
    await delay(outcome.seconds * 1000)
  }
}

async function drop(pool: Pool, masterKey: Buffer): Promise<void> {
  const kid = (await dropKeys(pool, masterKey)) ?? noKey()
  say(`All keys were dropped, and with them all access tokens. The key ${kid} signs now.`)
  say('Whoever is signed in stays so: their clients get new tokens by themselves.')
}

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'Have another key sign access tokens, while Parley runs; nobody notices.',
  options: {
    now: {
      type: 'boolean',
      help: 'Wait only until the servers know the next key, seconds at most, not those who keep the published keys.',
    },
    compromised: {
      type: 'boolean',
      help: 'Somebody else may have the keys: refuse all tokens by them from this second on.',
    },
  },
  run: (values) =>
    withKeys('keys rotate', async (pool, config) => {
      const { masterKey } = loadSecrets(config)
      if (values['compromised'] === true) await drop(pool, masterKey)
      else await rotate(pool, masterKey, values['now'] === true)
    }),
}
