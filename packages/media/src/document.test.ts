import { afterAll, expect, test } from 'vitest'
import { createMedia } from './media.ts'
import { upload } from './testing/folder.ts'
import { lines, pdf } from './testing/pdf.ts'

const media = createMedia({ timeMs: 20_000 })
afterAll(() => media.close())

const look = async (bytes: Buffer) => media.inspect(await upload(bytes, 'application/pdf'))

test('of a PDF the first lines of its first page are shown', async () => {
  expect(await look(pdf(lines('Quarterly report', 'Sales \\(units\\)')))).toMatchObject({
    facts: { text_preview: 'Quarterly report\nSales (units)', renditions: [], width: null },
  })
})

test('8 of them, and 600 characters', async () => {
  const many = await look(pdf(lines(...Array.from({ length: 99 }, (_, n) => `line ${n}`))))
  const first = Array.from({ length: 8 }, (_, n) => `line ${n}`)
  expect(many).toMatchObject({ facts: { text_preview: first.join('\n') } })
  const long = Array.from({ length: 8 }, () => 'i'.repeat(90))
  const found = await look(pdf(lines(...long)))
  expect(found).toMatchObject({ facts: { text_preview: long.join('\n').slice(0, 600) } })
})

test('a page without a text has none', async () => {
  expect(await look(pdf('0 0 m 100 100 l S'))).toMatchObject({ facts: { text_preview: null } })
})

test('FI-02: what a PDF would do when it is opened is not done', async () => {
  const calls = '/OpenAction<</S/JavaScript/JS(while\\(true\\){})>>'
  const found = await look(pdf(lines('Read me'), calls))
  expect(found).toMatchObject({ facts: { text_preview: 'Read me' } })
})

test('FI-04: one that unpacks to more than there is room for is given up, and the next is not', async () => {
  const bomb = pdf(Buffer.concat([Buffer.alloc(400_000_000, 32), Buffer.from(lines('Late'))]))
  expect(await look(bomb)).toEqual({ failure: 'too_large' })
  expect(await look(pdf(lines('Next')))).toMatchObject({ facts: { text_preview: 'Next' } })
})

test.for([
  ['one that ends in the middle', pdf(lines('Half')).subarray(0, 60)],
  ['one that only begins like one', Buffer.from('%PDF-1.7\nnothing of the kind')],
] as const)('%s is broken', async ([, bytes]) => {
  expect(await look(Buffer.from(bytes))).toEqual({ failure: 'broken' })
})
