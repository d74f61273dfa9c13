import { getInstance } from '@parley/contract'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { version } from '../version.ts'

export function instance(app: FastifyInstance, { config, post }: Server): void {
  route(app, getInstance, async () => ({
    name: config.instanceName,
    version,
    signup: config.signup,
    events_url: `${config.eventsUrl}/events`,
    mail: post !== undefined,
    ...(config.oidcIssuer !== undefined && { openid_name: config.oidcName }),
    limits: {
      message_length: config.messageMaxLength,
      message_files: 10,
      file_size: config.maxFileSize,
      name_length: 64,
      password_min_length: config.passwordMinLength,
      group_members: config.groupMaxMembers,
      page: 100,
      event_retention_days: config.eventRetentionDays,
    },
  }))
}
