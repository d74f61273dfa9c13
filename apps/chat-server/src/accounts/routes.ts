import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { admission } from './admission.ts'
import { beginner, opener } from './begin.ts'
import { refreshCookie } from './cookie.ts'
import { devices } from './devices.ts'
import { erasure } from './erasure.ts'
import { openid } from './openid/routes.ts'
import { passkeys } from './passkeys/passkeys.ts'
import { password } from './password.ts'
import { profile } from './profile.ts'
import { prover } from './proof.ts'
import { recovery } from './recovery.ts'
import { renewal } from './renewal.ts'
import { secondFactor } from './second-factor.ts'
import { secondStep } from './second-step.ts'
import { signingIn } from './sign-in.ts'
import { signingUp } from './sign-up/sign-up.ts'
import { tokens } from './token.ts'

export async function accounts(app: FastifyInstance, server: Server): Promise<void> {
  const cookie = refreshCookie(server.config)
  const signIns = admission(server)
  app.addHook('onClose', signIns.startForgetting())
  const open = opener(server, cookie)
  const tokenFor = tokens(server)
  const signedIn = beginner(tokenFor, open, signIns)
  const proves = prover(server, signIns)

  signingUp(app, server, signedIn)
  await signingIn(app, server, signIns, signedIn)
  renewal(app, server, signIns, { cookie, tokenFor })
  secondStep(app, server, signedIn)
  secondFactor(app, server)
  passkeys(app, server, signedIn)
  profile(app, server)
  devices(app, server)
  password(app, server, { begin: signedIn, proves })
  recovery(app, server, signIns)
  openid(app, server, open)
  erasure(app, server, proves, cookie)
}
