import { expect, test } from 'vitest'
import { renditionFor } from './rendition.ts'

test('of the renditions of a size the smaller format is taken, and without any the file itself', () => {
  const renditions = ['thumb_webp', 'large_webp', 'large_avif']
  expect(renditionFor({ renditions }, 'large')).toBe('large_avif')
  expect(renditionFor({ renditions }, 'thumb')).toBe('thumb_webp')
  expect(renditionFor({ renditions: ['poster'] }, 'thumb')).toBe('')
})
