import { setTimeout as delay } from 'node:timers/promises'
import { type Message, endpoints } from '@parley/contract'
import { NetworkError, ParleyError } from '@parley/sdk'
import type { Action, MessageSeen, Return } from '../history/entry.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Person, Session } from './people.ts'
import { messageSeen } from './seen.ts'

export type Result = Pick<Return, 'outcome' | 'status' | 'code' | 'messages'>

export interface CallerOptions {
  recorder: Recorder
  /** No new attempt is begun after it has aborted. */
  until: AbortSignal
}

/** How long to wait before an attempt is repeated, in milliseconds. */
const pauseMs = 50
const longestPauseMs = 500

export type Caller = ReturnType<typeof createCaller>

/**
 * Does one thing until its outcome is known, each time at the other server, and writes down every
 * attempt. The outcome is never guessed: a lost answer is `info`, and only that is repeated.
 */
export function createCaller({ recorder, until }: CallerOptions) {
  return async function call(
    person: Person,
    session: Session,
    action: Action,
    firstServer: number,
  ): Promise<Result> {
    const op = recorder.number()
    for (let attempt = 1; ; attempt++) {
      const at = session.at[(firstServer + attempt) % session.at.length]
      if (at === undefined) throw new Error('a session that knows no server')
      recorder.record({
        type: 'call',
        op,
        attempt,
        user: person.id,
        session: session.id,
        server: at.server,
        action,
      })
      const result = await once(at.client, person, action)
      recorder.record({ type: 'return', op, attempt, ...result })
      if (result.outcome !== 'info' || until.aborted) return result
      const wait = Math.min(longestPauseMs, pauseMs * attempt)
      await delay(wait, undefined, { signal: until }).catch(() => undefined)
      if (until.aborted) return result
    }
  }
}

type Client = Session['at'][number]['client']

async function once(client: Client, person: Person, action: Action): Promise<Result> {
  try {
    return await ask(client, person, action)
  } catch (error) {
    if (error instanceof ParleyError) {
      const outcome = error.outcome === 'refused' ? 'fail' : 'info'
      return { outcome, status: error.status, code: error.code }
    }
    if (error instanceof NetworkError) {
      return {
        outcome: 'info',
        code: 'network',
        ...(error.status === undefined ? {} : { status: error.status }),
      }
    }
    throw error
  }
}

async function ask(client: Client, person: Person, action: Action): Promise<Result> {
  const never = { retryLimitMs: 0 }
  switch (action.does) {
    case 'send': {
      const body = { content: person.contents.get(action.text) ?? '', nonce: action.nonce }
      const { status, body: message } = await client.request(
        endpoints.sendMessage,
        { params: { id: action.chat }, body },
        never,
      )
      return ok(status, [message])
    }
    case 'edit': {
      const params = { id: action.chat, message_id: action.message }
      const body = { content: person.contents.get(action.text) ?? '' }
      return ok(200, [await client.editMessage({ params, body }, never)])
    }
    case 'delete':
      await client.deleteMessage({ params: { id: action.chat, message_id: action.message } }, never)
      return ok(204)
    case 'mark':
      await client.moveReadMarker({ params: { id: action.chat }, body: { seq: action.seq } }, never)
      return ok(204)
    case 'add': {
      const params = { id: action.chat, user_id: action.user }
      await client.putChatMember({ params, body: {} }, never)
      return ok(200)
    }
    case 'remove':
      await client.removeChatMember({ params: { id: action.chat, user_id: action.user } }, never)
      return ok(204)
    case 'read': {
      const page = await client.listMessages({ params: { id: action.chat }, query: {} }, never)
      return ok(200, page.messages)
    }
    case 'end_session':
      return endSession(client, action, person.refreshTokens.get(action.ended) ?? '')
    default:
      return action satisfies never
  }
}

async function endSession(
  client: Client,
  { ended, by }: Extract<Action, { does: 'end_session' }>,
  refresh_token: string,
): Promise<Result> {
  if (by === 'list') {
    await client.revokeSession({ params: { session_id: ended } })
    return ok(204)
  }
  if (by === 'sign_out') {
    await client.call(endpoints.signOut, { body: { refresh_token } })
    return ok(204)
  }
  try {
    await client.refresh({ body: { refresh_token } })
  } catch (error) {
    // That it is refused says that the session is over.
    if (error instanceof ParleyError && error.status === 401) return ok(401)
    throw error
  }
  throw new Error('a refresh token was taken that had been traded in twice')
}

const ok = (status: number, messages?: readonly Message[]): Result => ({
  outcome: 'ok',
  status,
  ...(messages ? { messages: messages.map((one): MessageSeen => messageSeen(one)) } : {}),
})
