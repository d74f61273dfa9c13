/** Whom a valid access token speaks for. Roles are not in it: they are read where they are used. */
export interface Principal {
  userId: number
  sessionId: number
  /** The key that signed it: when that is dropped, what was opened with the token ends. */
  kid: string
  /** They have to set up a second factor before all else. */
  secondFactorDue: boolean
  /** Seconds since 1970. */
  expiresAt: number
}
