import { deleteFile, describeFile, listFileUrls, openFile } from '@parley/contract'
import { type VisibleFile, authorizeFile, visibleFiles } from '@parley/core/access/file'
import { refuse } from '@parley/core/http/problem'
import { leadTo, route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import * as queries from './queries.ts'
import { serve } from './serve.ts'
import { createSigner } from './sign.ts'
import { uploads } from './tus/routes.ts'
import { upload } from './upload.ts'

const has = ({ renditions }: VisibleFile, rendition: string | undefined): boolean =>
  rendition === undefined || renditions.some(({ name }) => name === rendition)

const wantsJson = (accept: string | undefined): boolean =>
  accept !== undefined && /\bapplication\/json\b/i.test(accept)

export async function files(app: FastifyInstance, server: Server): Promise<void> {
  const { config, pool, addressKeys, clock } = server
  const signer = createSigner(addressKeys, clock, config.filesOrigin)

  route(app, openFile, async ({ principal: { userId }, params: { id }, query, request }) => {
    const { rendition, download = false } = query
    const file = await authorizeFile(pool, userId, id)
    if (!has(file, rendition)) return refuse('not_found')
    const place = signer.sign({ fileId: id, userId, download, rendition })
    return wantsJson(request.headers.accept) ? place : leadTo(place.url)
  })

  route(app, listFileUrls, async ({ principal: { userId }, query: { ids, rendition } }) => {
    const found = await visibleFiles(pool, userId, ids)
    const urls = found
      .filter((file) => has(file, rendition))
      .map(({ id }) => ({
        id,
        ...signer.sign({ fileId: id, userId, download: false, rendition }),
      }))
    return { urls }
  })

  route(app, describeFile, async ({ principal: { userId }, params: { id }, body: { alt } }) => {
    const file = await authorizeFile(pool, userId, id)
    return (await queries.caption(pool, userId, file.id, alt)) ?? refuse('forbidden')
  })

  route(app, deleteFile, async ({ principal: { userId }, params: { id } }) => {
    const file = await authorizeFile(pool, userId, id)
    if ((await queries.drop(pool, file.id, userId)) === 0) return refuse('not_found')
    return null
  })

  await upload(app, server)
  await uploads(app, server)
  serve(app, server, signer)
}
