import { expect, test } from 'vitest'
import { boxOf, heightOf, kindOf, roomOf } from './room.ts'

const image = (width: number | null, height: number | null) => ({
  mime: 'image/png',
  width,
  height,
  text_preview: null,
})

test('a picture keeps its shape within 520 by 360 pixels, and is never made larger', () => {
  expect(boxOf(image(5200, 1300))).toEqual({ width: 520, height: 130 })
  expect(boxOf(image(1000, 3600))).toEqual({ width: 100, height: 360 })
  expect(boxOf(image(100, 60))).toEqual({ width: 100, height: 60 })
  expect(boxOf(image(1, 1))).toEqual({ width: 48, height: 48 })
})

test('what has no size has a box all the same', () => {
  expect(boxOf(image(null, null))).toEqual({ width: 320, height: 240 })
})

test('only what a browser shows without running it is shown', () => {
  const kinds = ['image/avif', 'video/webm', 'audio/mpeg', 'image/svg+xml', 'text/html'].map(
    (mime) => kindOf({ mime }),
  )
  expect(kinds).toEqual(['image', 'video', 'audio', 'card', 'card'])
})

test('room is kept for a grid of pictures and for each file below it', () => {
  const pdf = { mime: 'application/pdf', width: null, height: null, text_preview: null }
  expect(roomOf([pdf, pdf])).toBe('calc(56px + 56px + 8px)')
  expect(roomOf([image(100, 50), pdf])).toBe('calc(min(50px, 50cqi) + 56px + 8px)')
  expect(roomOf([image(9, 9), pdf, image(9, 9), image(9, 9), image(9, 9)])).toBe(
    'calc(324px + 56px + 8px)',
  )
})

test('the first lines of a text have room, about as much as they take', () => {
  const text = (text_preview: string) =>
    heightOf({ mime: 'text/plain', width: null, height: null, text_preview })
  expect(text('one')).toBe(56 + 17 + 18)
  expect(text('one\n\nthree')).toBe(56 + 17 + 3 * 18)
  expect(text(`${'x'.repeat(61)}\nthree`)).toBe(56 + 17 + 3 * 18)
  expect(text('x'.repeat(600))).toBe(56 + 17 + 8 * 18)
})
