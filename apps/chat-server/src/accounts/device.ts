import { networkOf } from '@parley/core/http/network'
import type { FastifyRequest } from 'fastify'
import type { Device } from './sessions.ts'

/** What a list of sessions shows of a device: its browser, and its network without the last part. */
export const deviceOf = (request: FastifyRequest): Device => ({
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 256),
  ipPrefix: networkOf(request.ip),
})
