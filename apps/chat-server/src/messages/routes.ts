import { getMessage, moveReadMarker, sendMessage } from '@parley/contract'
import { authorizeChat, authorizeMember } from '@parley/core/access/authorize'
import { createGroupedWriter } from '@parley/core/db/grouped-writer'
import { refuse } from '@parley/core/http/problem'
import { reply as answer, route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { change } from './change.ts'
import { checkLength, checkSomething } from './length.ts'
import { list } from './list.ts'
import { mentionedNames } from './mentions.ts'
import * as queries from './queries.ts'
import { typing } from './typing.ts'

/** How often something is written for who comes and goes. */
const mostAttempts = 5

export function messages(app: FastifyInstance, server: Server): void {
  const { config, pool, watchWriter } = server

  const send = createGroupedWriter<queries.Send, queries.Sent>({
    write: (sends, lockTimeoutMs) =>
      queries.sendMessages(pool, sends, { lockTimeoutMs, workspaceQuota: config.workspaceQuota }),
    keyOf: ({ chatId }) => chatId,
    sizeOf: ({ content }) => content.length * 3 + 100,
    watch: watchWriter('messages'),
  })
  const mark = createGroupedWriter<queries.Mark, string>({
    write: (marks, lockTimeoutMs) => queries.moveReadMarkers(pool, marks, lockTimeoutMs),
    keyOf: ({ userId }) => userId,
    sizeOf: () => 24,
    watch: watchWriter('read_markers'),
  })

  /** Who joined between the writer's look and ours is a member by now: it is written once more. */
  async function asMember<Result>(
    { userId, chatId }: { userId: number; chatId: number },
    write: () => Promise<Result>,
    isStranger: (result: Result) => boolean,
  ): Promise<Result> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const result = await write()
      if (!isStranger(result)) return result
      await authorizeMember(pool, userId, chatId)
    }
    return refuse('unavailable', { retryAfterSeconds: 1 })
  }

  route(app, sendMessage, async ({ principal, params, body, reply }) => {
    const { files = [] } = body
    checkLength(config, body.content)
    checkSomething(body.content, files)
    const { userId } = principal
    const message = {
      chatId: params.id,
      senderId: userId,
      content: body.content,
      nonce: body.nonce ?? null,
      replyTo: body.reply_to ?? null,
      mentions: mentionedNames(body.content),
      files,
    }
    const sent = await asMember(
      { userId, chatId: params.id },
      () => send(message),
      ({ outcome }) => outcome === 'not_member',
    )
    const { outcome, cursor } = sent
    if (outcome === 'no_reply') return refuse('unknown_reply')
    if (outcome === 'no_file') return refuse('unknown_file')
    if (outcome === 'full') return refuse('quota_exceeded')
    reply.header('x-event-cursor', cursor)
    return answer<typeof sendMessage>(outcome === 'created' ? 201 : 200, sent.message)
  })

  route(app, getMessage, async ({ principal: { userId }, params: { id, message_id } }) => {
    const chat = await authorizeChat(pool, userId, id)
    return (await queries.findMessage(pool, { chat, userId }, message_id)) ?? refuse('not_found')
  })

  route(app, moveReadMarker, async ({ principal: { userId }, params: { id }, body: { seq } }) => {
    const outcome = await asMember(
      { userId, chatId: id },
      () => mark({ chatId: id, userId, seq }),
      (outcome) => outcome === 'not_member',
    )
    if (outcome === 'beyond') return refuse('beyond_end')
    return null
  })

  list(app, server)
  change(app, server)
  typing(app, server)
}
