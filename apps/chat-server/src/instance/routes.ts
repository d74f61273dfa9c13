import { getInstance } from '@parley/contract'
import { signUpPolicy } from '@parley/core/access/sign-up'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { version } from '../version.ts'

export function instance(app: FastifyInstance, { config, pool, post }: Server): void {
  let { signup } = config
  /** While the database is away, what it said last: clients look here for where the events are. */
  async function knownSignUp() {
    try {
      ;({ signup } = await signUpPolicy(pool, config))
    } catch {
      // Whatever else asks the database says so.
    }
    return signup
  }

  route(app, getInstance, async () => ({
    name: config.instanceName,
    version,
    signup: await knownSignUp(),
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
