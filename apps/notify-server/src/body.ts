/**
 * What the notify-server itself reads of an event's body. The triggers wrote it, but perhaps those of
 * a newer version: what is missing counts as nothing.
 */
const field = (body: unknown, name: string): unknown => fields(body)[name]

/** The fields of a JSON object; anything else has none. */
export const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const isNumber = (value: unknown): value is number => typeof value === 'number'

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export const userIds = (body: unknown): number[] => list(field(body, 'user_ids')).filter(isNumber)

export const memberIds = (body: unknown): number[] =>
  list(field(body, 'members'))
    .map((member) => field(member, 'id'))
    .filter(isNumber)

export function sessionId(body: unknown): number | undefined {
  const id = field(body, 'session_id')
  return isNumber(id) ? id : undefined
}

/** The seq of the message that was changed where the chat shows only what came since one joined. */
export function sinceJoinSeq(body: unknown): number | undefined {
  const seq = field(field(body, 'message'), 'seq')
  return field(body, 'since_join') === true && isNumber(seq) ? seq : undefined
}

/** The same body with nothing left to read in its message. */
export const withoutText = (body: unknown): object => ({
  ...fields(body),
  message: { ...fields(field(body, 'message')), content: '', mentions: [] },
  mentions_before: [],
})
