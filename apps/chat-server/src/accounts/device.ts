import { isIPv4 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Device } from './sessions.ts'

/** What a list of sessions shows of a device: its browser, and its network without the last part. */
export const deviceOf = (request: FastifyRequest): Device => ({
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 256),
  ipPrefix: isIPv4(request.ip)
    ? request.ip.replace(/\.\d+$/, '.0')
    : request.ip.split(':').slice(0, 4).join(':'),
})
