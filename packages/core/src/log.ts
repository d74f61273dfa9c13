import pg from 'pg'
import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }
/** Takes the lines of a log. */
export type LogDestination = DestinationStream

/**
 * The log of a server: one JSON line per event. What is logged of a request is an allow-list
 * (http/server.ts); redaction here is the second line, should a careless line ever name a secret.
 * It goes to the standard output unless told otherwise.
 */
export const createLog = (name: string, level: string, to?: LogDestination): Logger =>
  pino(
    {
      name,
      level,
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['password', 'token', 'authorization', 'cookie', 'content', '*.password', '*.token'],
      serializers: { err: (error: unknown) => describeError(error) },
    },
    to,
  )

interface Described {
  type: string
  code?: string
  constraint?: string
  table?: string
  routine?: string
  /** Where it was thrown; each line names a file of ours or of a library. */
  stack?: string
  cause?: Described
}

/**
 * An error without its words: those of a database, of JSON.parse and of Node's argument checks quote
 * the values they are about. Type, code and place find the sentence in the source.
 */
export function describeError(error: unknown, depth = 0): Described {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const frames = error.stack?.split('\n').filter((line) => /^ {4}at /.test(line))
  return {
    type: error.name,
    ...code,
    ...(error instanceof pg.DatabaseError ? ofDatabase(error) : {}),
    ...(frames ? { stack: frames.join('\n') } : {}),
    ...(error.cause === undefined || depth === 3
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  }
}

/** Names from our own schema and from PostgreSQL's source, never values. */
const ofDatabase = ({ constraint, table, routine }: pg.DatabaseError) => ({
  ...(constraint === undefined ? {} : { constraint }),
  ...(table === undefined ? {} : { table }),
  ...(routine === undefined ? {} : { routine }),
})
