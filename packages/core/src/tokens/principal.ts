/** Whom a valid access token speaks for. Roles are not in it: they are read where they are used. */
export interface Principal {
  userId: number
  sessionId: number
  /** Seconds since 1970. */
  expiresAt: number
}
