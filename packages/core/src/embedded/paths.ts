import { join } from 'node:path'

/** Where the parts of an embedded database lie inside a data folder. */
export const paths = (dataDir: string) => ({
  /** PostgreSQL's own folder. */
  cluster: join(dataDir, 'postgres'),
  /** A cluster that initdb has not finished; worthless, made afresh. */
  unfinished: join(dataDir, 'postgres.new'),
  /** The superuser's password, 0600. */
  password: join(dataDir, 'postgres.password'),
  /** The one that takes its place at the next start. */
  nextPassword: join(dataDir, 'postgres.password.next'),
  /** Which process has the folder. */
  lock: join(dataDir, 'postgres.lock'),
  /** Port and process of the server that runs, or ran last. */
  running: join(dataDir, 'postgres.running'),
  /** Which cluster it was, to tell it from a copy. */
  origin: join(dataDir, 'postgres.origin'),
})

export type Paths = ReturnType<typeof paths>
