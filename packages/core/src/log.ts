import { type Logger, pino } from 'pino'

export type { Logger }

/**
 * The log of a server: one JSON line per event. What is logged of a request is an allow-list
 * (http/server.ts); redaction here is the second line, should a careless line ever name a secret.
 */
export const createLog = (name: string, level: string): Logger =>
  pino({
    name,
    level,
    base: { name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['password', 'token', 'authorization', 'cookie', 'content', '*.password', '*.token'],
    serializers: {
      // A database error's detail quotes the values of the row.
      err: (error: Error & { code?: unknown }) => ({
        type: error.name,
        message: error.message,
        code: typeof error.code === 'string' ? error.code : undefined,
        stack: error.stack,
      }),
    },
  })
