import type { Clock } from '@parley/core/clock'
import type { Config } from '@parley/core/config/load'
import type { Db } from '@parley/core/db/connection'
import type { Pool } from '@parley/core/db/pool'
import type { Presence } from '@parley/core/presence/presence'
import type { PasswordPool } from '@parley/core/passwords/pool'
import type { AddressKeys } from '@parley/core/secrets/address-keys'
import type { Throttle } from '@parley/core/throttle/throttle'
import type { KeySet } from '@parley/core/tokens/key-set'
import type { Signer } from '@parley/core/tokens/keys'
import type { Logger } from '@parley/core/log'
import type { Partials } from '@parley/core/storage/partials'
import type { Storage } from '@parley/core/storage/storage'
import type { WriterWatch } from '@parley/core/db/grouped-writer'
import type { Writer } from './watch.ts'

/** Pictures of people and icons of workspaces, which are made of uploaded files. */
export interface Pictures {
  /**
   * Makes of a file the small square that stands for a person or a workspace, and returns what puts it
   * in the file's place, within the transaction that says whose it is. Both refuse what is not the
   * user's own or hangs on something (`unknown_file`); this also what is no picture that can be opened
   * (`not_a_picture`).
   */
  prepare(wanted: {
    userId: number
    fileId: number
    use: 'avatar' | 'icon'
  }): Promise<(db: Db) => Promise<void>>
}

/** What the modules are given; app.ts makes it. */
export interface Server {
  config: Config
  pool: Pool
  masterKey: Buffer
  addressKeys: AddressKeys
  passwords: PasswordPool
  /** Undefined where nothing is limited. */
  throttle: Throttle | undefined
  storage: Storage
  partials: Partials
  /** Told of each file that has come. */
  looking: { wake(): void; seen(ids: readonly number[]): Promise<void> }
  pictures: Pictures
  /** Has mail sent; undefined where this instance sends none. */
  post: { wake(): void } | undefined
  presence: Pick<Presence, 'activity' | 'tell'>
  signing: Signer
  keys: Pick<KeySet, 'published'>
  clock: Clock
  log: Logger
  watchWriter: (writer: Writer) => WriterWatch
}
