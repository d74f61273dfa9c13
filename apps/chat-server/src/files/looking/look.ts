import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Rendition as Stored } from '@parley/core/access/file'
import type { Media } from '@parley/media'
import type { Facts, Rendition } from '@parley/media/facts'
import type { Server } from '../../server.ts'
import { localPath, withFolder } from '../local.ts'
import { filledIn } from '../queries.ts'
import * as queries from './queries.ts'

type Keeper = Pick<Server, 'pool' | 'storage' | 'log'>

/** A busy machine may have had no time for it, or no process. */
const mostLooks = 3

/** `thumb` and `large` are WebP, which every browser knows. */
const nameOf = ({ name, mime }: Rendition): string =>
  mime === 'image/webp' ? name : `${name}_avif`

/** Stores the renditions first: nobody is told of one that is not there. */
async function keep({ pool, storage }: Keeper, { id, storage_key }: queries.Unseen, facts: Facts) {
  const renditions: Stored[] = []
  for (const rendition of facts.renditions) {
    const name = nameOf(rendition)
    const { size } = await storage.put(`${storage_key}.${name}`, createReadStream(rendition.path))
    renditions.push({ name, mime: rendition.mime, size })
  }
  if (await filledIn(pool, id, { ...facts, renditions })) return
  for (const { name } of renditions) await storage.remove(`${storage_key}.${name}`)
}

const lookInto = (keeper: Keeper, media: Media, file: queries.Unseen): Promise<void> =>
  withFolder(async (folder) => {
    const path = await localPath(keeper.storage, file.storage_key, folder)
    const into = join(folder, 'made')
    const found =
      path === undefined ? undefined : await media.inspect({ path, mime: file.mime, into })
    if (found && 'facts' in found) await keep(keeper, file, found.facts)
    const again = found && 'failure' in found && found.failure === 'timed_out'
    if (again !== true || file.looks >= mostLooks) await queries.setLooked(keeper.pool, file.id)
  })

/** Looks into the next file that nobody has looked into. Its id; undefined where there is none. */
export async function lookOnce(keeper: Keeper, media: Media): Promise<number | undefined> {
  const file = await queries.take(keeper.pool)
  if (file === undefined) return undefined
  try {
    await lookInto(keeper, media, file)
  } catch (error) {
    keeper.log.warn({ err: error, file_id: file.id }, 'a file could not be looked into')
    if (file.looks >= mostLooks) await queries.setLooked(keeper.pool, file.id)
  }
  return file.id
}
