import type { Command } from './command.ts'
import { config } from './commands/config.ts'
import { dbMigrate } from './commands/db-migrate.ts'
import { start } from './commands/start.ts'

/** In the order in which the help lists them. */
export const commands: readonly Command[] = [start, dbMigrate, config]
