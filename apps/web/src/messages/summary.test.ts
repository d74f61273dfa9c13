import { expect, test } from 'vitest'
import { message } from './fixtures/message.ts'
import { summaryOf } from './summary.ts'

const file = {
  id: 1,
  url: '/api/files/1',
  name: 'plan.pdf',
  mime: 'application/pdf',
  size: 9,
  alt: null,
  width: null,
  height: null,
  blur_hash: null,
  duration_ms: null,
  text_preview: null,
  renditions: [],
}

test('a message says its text, or else the names of its files', () => {
  expect(summaryOf({ ...message(1), content: 'Look', files: [file] })).toBe('Look')
  const files = [file, { ...file, id: 2, name: 'tower.png' }]
  expect(summaryOf({ ...message(1), content: '', files })).toBe('plan.pdf, tower.png')
})
