import { expect, test } from 'vitest'
import { Frames } from './frames.ts'

const text = [
  ': connected\nretry: 1870\n\n',
  'event: resync\ndata: {"reason":"epoch"}\n\n',
  ':\nid: 7f3a.1\n\n',
  'id: 7f3a.2\nevent: NewMessage\ndata: {"topic":"chat:42","seq":9}\n\n',
].join('')

const none = { id: '', kind: '', data: '' }
const expected = [
  none,
  { id: '', kind: 'resync', data: '{"reason":"epoch"}' },
  { ...none, id: '7f3a.1' },
  { id: '7f3a.2', kind: 'NewMessage', data: '{"topic":"chat:42","seq":9}' },
]

test('each empty line ends a frame, wherever the text was cut in two', () => {
  for (let cut = 0; cut <= text.length; cut++) {
    const frames = new Frames()
    expect([...frames.take(text.slice(0, cut)), ...frames.take(text.slice(cut))]).toEqual(expected)
  }
})

test('what its empty line does not end did not happen', () => {
  expect(new Frames().take(text.slice(0, -1))).toEqual(expected.slice(0, -1))
})
