import type { Command } from './command.ts'
import { adminSetupLink } from './commands/admin-setup-link.ts'
import { auditVerify } from './commands/audit-verify.ts'
import { config } from './commands/config.ts'
import { dev } from './commands/dev.ts'
import { dbMigrate } from './commands/db-migrate.ts'
import { dbReset } from './commands/db-reset.ts'
import { dbRestored } from './commands/db-restored.ts'
import { dbSeed } from './commands/db-seed.ts'
import { dbTypes } from './commands/db-types.ts'
import { filesCheck } from './commands/files-check.ts'
import { filesMove } from './commands/files-move.ts'
import { keysList } from './commands/keys-list.ts'
import { keysRotate } from './commands/keys-rotate.ts'
import { secretsList } from './commands/secrets-list.ts'
import { secretsRotate } from './commands/secrets-rotate.ts'
import { start } from './commands/start.ts'
import { userAdmin } from './commands/user-admin.ts'
import { userCreate } from './commands/user-create.ts'
import { userUnlock } from './commands/user-unlock.ts'

/** In the order in which the help lists them. */
export const commands: readonly Command[] = [
  start,
  dev,
  dbMigrate,
  dbReset,
  dbRestored,
  dbSeed,
  dbTypes,
  userCreate,
  userAdmin,
  userUnlock,
  adminSetupLink,
  filesMove,
  filesCheck,
  auditVerify,
  keysList,
  keysRotate,
  secretsList,
  ...secretsRotate,
  config,
]
