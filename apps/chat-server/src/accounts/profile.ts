import { getMe, updateMe } from '@parley/contract'
import { changeAs } from '@parley/core/db/change'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { findMe, lockWhole, renameUser, setAvatar } from './queries.ts'

const nameTaken = { users_username: 'account_taken' } as const

/** What people say of themselves. */
export function profile(app: FastifyInstance, { pool, pictures }: Server): void {
  const me = async (userId: number) => (await findMe(pool, userId)) ?? refuse('not_signed_in')

  route(app, getMe, ({ principal }) => me(principal.userId))

  route(
    app,
    updateMe,
    async ({ principal: { userId }, by, body: { username, avatar_id: fileId } }) => {
      const before = await me(userId)
      const name = username === undefined ? undefined : nameFrom('/body/username', username)
      // Whoever asks for the one that there is has not got the answer.
      const changes = fileId !== undefined && fileId !== before.avatar_id
      if (name === undefined && !changes) return before
      const adopt =
        changes && fileId !== null
          ? await pictures.prepare({ userId, fileId, use: 'avatar' })
          : undefined
      await unlessTaken(
        changeAs(pool, by, async (db) => {
          if (changes) {
            await lockWhole(db, userId)
            await adopt?.(db)
            await setAvatar(db, userId, fileId)
          }
          if (name !== undefined) await renameUser(db, userId, name)
        }),
        nameTaken,
      )
      return me(userId)
    },
  )
}
