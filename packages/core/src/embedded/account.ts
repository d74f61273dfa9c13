import { readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { StartError, errorCode } from '../start-error.ts'

/** Who PostgreSQL runs as when that is not who started it. */
export interface Account {
  uid: number
  gid: number
}

const otherDatabase = 'or set DATABASE_URL to a PostgreSQL that runs elsewhere'

/**
 * PostgreSQL refuses to run as root, so root hands it to another account: the one that owns the
 * cluster already, else `nobody`, which every Linux has (initdb needs an account with a name).
 * Undefined means: run it as ourselves.
 */
export function accountFor(cluster: string, exists: boolean): Account | undefined {
  const self = process.getuid?.()
  if (self === undefined) return undefined
  const owner = ownerOf(cluster)
  if (self !== 0) return asOurselves(self, owner, cluster)
  if (process.platform !== 'linux')
    throw new StartError(
      `PostgreSQL cannot run as root: start Parley as an ordinary user, ${otherDatabase}.`,
    )
  if (exists && owner?.uid === 0)
    throw new StartError(
      `PostgreSQL cannot use ${cluster} because root owns it; give it to the account it ran as.`,
    )
  return (exists ? owner : undefined) ?? nobody()
}

function asOurselves(self: number, owner: Account | undefined, cluster: string): undefined {
  if (owner && owner.uid !== self)
    throw new StartError(
      `The database in ${cluster} belongs to another account (id ${owner.uid}); start Parley as root or as that account.`,
    )
  try {
    userInfo()
  } catch (error) {
    throw new StartError(
      `PostgreSQL needs an account with a name, and id ${self} has none here: add it to /etc/passwd ${otherDatabase}.`,
      { cause: error },
    )
  }
}

function ownerOf(path: string): Account | undefined {
  try {
    const { uid, gid } = statSync(path)
    return { uid, gid }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function nobody(): Account {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined)
    throw new StartError(
      `PostgreSQL cannot run as root and there is no account nobody: start Parley as an ordinary user, ${otherDatabase}.`,
    )
  return { uid: Number(uid), gid: Number(gid) }
}
