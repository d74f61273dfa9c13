import { createHmac } from 'node:crypto'

/** Made the cluster and may do everything in it. Only what starts it connects as it. */
export const superuser = 'parley'
/** Owns the tables and changes the schema. */
export const owner = 'parley_migrate'
/** Whom the servers connect as. */
export const embeddedRoles = { app: 'parley_app', notify: 'parley_notify' } as const

/** Who connects, and for what. */
export type EmbeddedRole = 'superuser' | 'owner' | keyof typeof embeddedRoles

const names = { superuser, owner, ...embeddedRoles } as const

/** The database inside the cluster that Parley uses. */
export const database = 'parley'

/** That of a role is made from the superuser's, and does not lead back to it. */
export const passwordOf = (password: string, role: string): string =>
  role === superuser
    ? password
    : createHmac('sha256', password).update(`parley role ${role}`).digest('base64url')

export function urlOf(
  port: number,
  password: string,
  role: EmbeddedRole,
  name: string = database,
): string {
  const user = names[role]
  return `postgres://${user}:${passwordOf(password, user)}@127.0.0.1:${port}/${name}`
}
