import type { Clock } from '@parley/core/clock'
import type { Config } from '@parley/core/config/load'
import type { Pool } from '@parley/core/db/pool'
import type { Presence } from '@parley/core/presence/presence'
import type { PasswordPool } from '@parley/core/passwords/pool'
import type { SigningKey } from '@parley/core/tokens/keys'
import type { Logger } from '@parley/core/log'
import type { Partials } from '@parley/core/storage/partials'
import type { Storage } from '@parley/core/storage/storage'
import type { WriterWatch } from '@parley/core/db/grouped-writer'
import type { Writer } from './watch.ts'

/** What the modules are given; app.ts makes it. */
export interface Server {
  config: Config
  pool: Pool
  masterKey: Buffer
  passwords: PasswordPool
  storage: Storage
  partials: Partials
  /** Told of each file that has come. */
  looking: { wake(): void }
  presence: Pick<Presence, 'activity' | 'tell'>
  signing: SigningKey
  clock: Clock
  log: Logger
  watchWriter: (writer: Writer) => WriterWatch
}
