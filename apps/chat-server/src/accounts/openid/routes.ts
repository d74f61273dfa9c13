import type { FastifyInstance } from 'fastify'
import type { Server } from '../../server.ts'
import type { Open } from '../begin.ts'
import { arrivals } from './arrive.ts'
import { flowCookie } from './flow.ts'
import { linking } from './linking.ts'
import { openProvider } from './provider.ts'
import { returnRoute } from './return.ts'
import { settingOut, startRoute } from './set-out.ts'

/** Signing in by an OpenID provider, and linking an account to it (docs/decisions/0024-openid.md). */
export function openid(app: FastifyInstance, server: Server, open: Open): void {
  const provider = openProvider(server.config)
  const flows = flowCookie(server.config, server.masterKey, server.clock)
  const setOut = settingOut(flows)
  startRoute(app, server, provider, setOut)
  returnRoute(app, server, { provider, flows, arrive: arrivals(server, open) })
  linking(app, server, provider, setOut)
}
