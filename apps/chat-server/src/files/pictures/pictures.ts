import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Refusal, refuse } from '@parley/core/http/problem'
import { createTurns } from '@parley/core/turns'
import type { Media } from '@parley/media'
import type { Pictures, Server } from '../../server.ts'
import { unlessFull } from '../keep.ts'
import { localPath, withFolder } from '../local.ts'
import * as queries from './queries.ts'

type Keeper = Pick<Server, 'pool' | 'storage' | 'log'>

/** Squares of people's pictures and workspaces' icons, made one at a time. */
export function createPictures({ pool, storage, log }: Keeper, media: Media): Pictures {
  const turns = createTurns(1)

  /** The machine being out of order, or busy, is not the picture's fault. */
  async function cut({ storage_key, mime }: queries.Own, folder: string, fileId: number) {
    const path = await localPath(storage, storage_key, folder)
    if (path === undefined) return refuse('unknown_file')
    const into = join(folder, 'made')
    const made = await media.inspect({ path, mime, into, only: 'square' }).catch((error) => {
      log.warn({ err: error, file_id: fileId }, 'no square can be made of a picture')
      throw new Refusal('unavailable')
    })
    if ('failure' in made)
      return refuse(made.failure === 'timed_out' ? 'unavailable' : 'not_a_picture')
    return made.facts.renditions[0] ?? refuse('not_a_picture')
  }

  const make = (own: queries.Own, fileId: number): Promise<queries.Square> =>
    withFolder(async (folder) => {
      const { path, width } = await cut(own, folder, fileId)
      const key = await queries.newKey(pool)
      const stored = await unlessFull(storage.put(key, createReadStream(path)))
      return { ...stored, key, side: width }
    })

  return {
    async prepare({ userId, fileId, use }) {
      const own = (await queries.findOwn(pool, userId, fileId)) ?? refuse('unknown_file')
      const square = await turns(userId, () => make(own, fileId))
      const file = { id: fileId, ownerId: userId, use }
      return async (db) => {
        if (await queries.become(db, file, square)) return
        await queries.giveUp(pool, square.key)
        refuse('unknown_file')
      }
    },
  }
}
