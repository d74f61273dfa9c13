import { createHash } from 'node:crypto'
import { confirmSignUp, signUp } from '@parley/contract'
import { signUpPolicy } from '@parley/core/access/sign-up'
import { changeAs } from '@parley/core/db/change'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { reply as answer, route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import { queueMail } from '@parley/core/mail/queue'
import { checkPassword } from '@parley/core/passwords/policy'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../../server.ts'
import type { Begin } from '../begin.ts'
import { type Newcomer, makeAccount, requirePlace } from './newcomer.ts'
import { findSignUp, forgetSignUps, keepSignUp, takeSignUp } from './pending.ts'

/** One code, whichever of the two is taken. Where two found a workspace at the same moment, one is too late. */
const taken = {
  users_username: 'account_taken',
  users_email: 'account_taken',
  workspaces_name: 'workspace_name_taken',
} as const

/** To whom the mailbox belongs that may be told: the link is of no use to them any more. */
const takenMeanwhile = { ...taken, users_email: 'sign_up_gone' } as const

const everyHourMs = 3_600_000

/** Signing up: at once, or where mail is sent by a link to the address, so that it is theirs. */
export function signingUp(app: FastifyInstance, server: Server, begin: Begin): void {
  const { config, log, masterKey, passwords, pool, post } = server

  async function requireOpen(invite: string | undefined): Promise<void> {
    const { signup } = await signUpPolicy(pool, config)
    if (signup === 'closed' || (signup === 'invite' && invite === undefined))
      refuse('sign_up_closed')
  }
  async function requireStrong(
    password: string,
    { username, email, workspace }: Omit<Newcomer, 'passwordHash'>,
  ): Promise<void> {
    const fault = await checkPassword(password, config, [username, email, workspace])
    if (fault) refuse(fault)
  }

  route(app, signUp, async ({ body, by, request, reply }) => {
    const { email, invite, password } = body
    const username = nameFrom('/body/username', body.username)
    const workspace =
      body.workspace === undefined ? undefined : nameFrom('/body/workspace', body.workspace)
    const who = { username, email, workspace, invite }
    await requireOpen(invite)
    await requireStrong(password, who)
    if (post) await requirePlace(pool, who)
    const newcomer = { ...who, passwordHash: await passwords.hash(password) }
    if (post) {
      // Whose name and address it is, is looked up later: nothing here depends on it, not even the time.
      await pool.transaction(async (db) => {
        if (await keepSignUp(db, newcomer))
          await queueMail(db, masterKey, { kind: 'sign_up', email })
      })
      post.wake()
      return answer(202, {})
    }
    const made = await unlessTaken(
      changeAs(pool, by, (db) => makeAccount(db, by, newcomer)),
      taken,
    )
    return { ...made, ...(await begin(made.user, { by, request, reply })) }
  })

  route(app, confirmSignUp, async ({ body, by, request, reply }) => {
    const hash = createHash('sha256').update(body.token).digest()
    const pending = (await findSignUp(pool, hash)) ?? refuse('sign_up_gone')
    const newcomer = {
      username:
        body.username === undefined ? pending.username : nameFrom('/body/username', body.username),
      email: pending.email,
      passwordHash: pending.password_hash,
      workspace:
        body.workspace === undefined
          ? (pending.workspace ?? undefined)
          : nameFrom('/body/workspace', body.workspace),
      invite: pending.invite ?? undefined,
    }
    await requireOpen(newcomer.invite)
    // A stranger may have signed up with the address of whoever reads the mail: an account with a
    // password that the stranger knows is none for them.
    if (!(await passwords.verify(pending.password_hash, body.password))) refuse('wrong_password')
    await requireStrong(body.password, newcomer)
    const made = await unlessTaken(
      changeAs(pool, by, async (db) => {
        if (!(await takeSignUp(db, hash))) refuse('sign_up_gone')
        return makeAccount(db, by, newcomer)
      }),
      takenMeanwhile,
    )
    return { ...made, ...(await begin(made.user, { by, request, reply })) }
  })

  const timer = setInterval(() => {
    void forgetSignUps(pool).catch((error: unknown) =>
      log.warn({ err: error }, 'old sign-ups cannot be forgotten'),
    )
  }, everyHourMs)
  app.addHook('onClose', async () => clearInterval(timer))
}
