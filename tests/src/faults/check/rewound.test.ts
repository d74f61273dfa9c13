import { expect, test } from 'vitest'
import type { Entry, Final, MessageSeen, Rewound } from '../history/entry.ts'
import { check } from './check.ts'
import { operation, smallHistory } from './fixtures/small.ts'

const user = { user: 1, session: 1 }
const message = (seq: number) => ({
  id: 100 + seq,
  seq,
  sender: 1,
  nonce: `n${seq}`,
  text: `t${seq}`,
})

/** A send that was acknowledged as the chat's event of that seq. */
const sent = (seq: number, from: number, to: number): Entry[] => {
  const { nonce, text } = message(seq)
  const action = { does: 'send', chat: 5, nonce, text } as const
  return operation(seq, user, action, [from, to]).map((entry) =>
    entry.type === 'return' ? { ...entry, messages: [message(seq)] } : entry,
  )
}

const streamed = (at: number, seq: number): Entry[] => {
  const event = { topic: 'chat:5', seq, kind: 'NewMessage', message: message(seq) }
  return [
    { type: 'frame', at, stream: 1, ...event },
    { type: 'delivered', at, reader: 'ann', ...event },
  ]
}

const opened: Entry[] = [
  {
    type: 'began',
    at: 1,
    reader: 'ann',
    user: 1,
    reason: 'start',
    topics: { 'chat:5': 1, 'user:1': 1 },
  },
  { type: 'opened', at: 2, stream: 1, reader: 'ann', ...user, server: 'notify-1', cursor: null },
]

const row = (seq: number, message?: MessageSeen): Final['log'][number] => ({
  topic: 'chat:5',
  seq,
  kind: message ? 'NewMessage' : 'MemberJoined',
  actor: 1,
  known: true,
  ...(message ? { message } : {}),
})

/** The database has these messages, behind the event that let the one member in. */
const final = (...messages: MessageSeen[]): Partial<Final> => ({
  messages: messages.map((one) => ({ ...one, chat: 5, deleted: false })),
  log: [row(1), ...messages.map((one) => row(one.seq, one))],
  topics: [{ topic: 'chat:5', last_seq: messages.at(-1)?.seq ?? 1 }],
  memberships: [{ topic: 'chat:5', user: 1, joined: 1, left: null }],
})

const rewound: Rewound = {
  type: 'rewound',
  at: 60,
  since: 30,
  until: 50,
  topics: { 'chat:5': 2, 'user:1': 1 },
}

const found = (entries: Entry[], at: Partial<Final>) =>
  check(smallHistory([...opened, ...entries], at)).checks.flatMap(({ id, count }) =>
    // That nobody is live at the end is no matter here.
    count > 0 && id !== 'C16' ? [id] : [],
  )

const before = [...sent(2, 10, 20), ...streamed(21, 2)]
const meanwhile = [...sent(3, 31, 40), ...streamed(41, 3)]

test('what was acknowledged and shown while the database went alone may be gone', () => {
  expect(found([...before, ...meanwhile, rewound], final(message(2)))).toEqual([])
})

test('without a word of it, the same is a loss', () => {
  expect(found([...before, ...meanwhile], final(message(2)))).toEqual(['C1'])
})

test('what was acknowledged before is a loss', () => {
  expect(found([...before, ...meanwhile, rewound], final())).toContain('C1')
  expect(found([...sent(3, 10, 29), rewound], final(message(2)))).toContain('C1')
})

test('what was asked after is a loss', () => {
  expect(found([...before, rewound, ...sent(3, 51, 70)], final(message(2)))).toContain('C1')
})

test('what was acknowledged meanwhile and lies below where the topic goes on is a loss', () => {
  const further = { ...rewound, topics: { ...rewound.topics, 'chat:5': 3 } }
  expect(found([...before, ...meanwhile, further], final(message(2)))).toContain('C1')
})

test('a reader who is not told of it has the old past, which is found', () => {
  const other = { ...message(4), seq: 3 }
  const again = sent(4, 70, 80).map((entry) =>
    entry.type === 'return' ? { ...entry, messages: [other] } : entry,
  )
  const now = final(message(2), other)
  expect(found([...before, ...meanwhile, rewound, ...again], now)).toEqual(['C7'])
})
