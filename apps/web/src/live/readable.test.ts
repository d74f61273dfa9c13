import { expect, test, vi } from 'vitest'
import { message as messageAt } from '../messages/fixtures/message.ts'
import { allReadable, isBroken, readable } from './readable.ts'

const message = messageAt(9)

test('a message that is whole is the same one', () => {
  expect(readable(message)).toBe(message)
  expect(isBroken(message)).toBe(false)
})

test('one that is broken keeps its place, and one without a place is left out, with one warning', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const changes = [{ content: 7 }, { created_at: 'never' }, { edited_at: 'x' }, { mentions: null }]
  const kept = changes.map((change) => readable(Object.assign({ ...message }, change)))
  for (const one of kept) {
    expect(one).toMatchObject({ id: 90, seq: 9, content: '', mentions: [] })
    expect(one && isBroken(one)).toBe(true)
    expect(Date.parse(one?.created_at ?? '')).not.toBeNaN()
  }
  expect(kept[0]?.created_at).toBe(message.created_at)
  const lost = Object.assign({ ...message }, { seq: 'x' })
  expect(allReadable([message, lost])).toEqual([message])
  expect(readable(null)).toBeUndefined()
  expect(warn).toHaveBeenCalledTimes(1)
})
