// @vitest-environment node
import { beforeEach, expect, test, vi } from 'vitest'
import { destination } from './destination.ts'

beforeEach(() => vi.stubGlobal('localStorage', { getItem: () => '/w/1/c/2' }))

test('signing in leads to the path that was asked for, if it is one of ours', () => {
  expect(destination({ to: '/w/3/c/4?x=1#y' })).toBe('/w/3/c/4?x=1#y')
  for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '', ['/w/3']])
    expect(destination({ to })).toBe('/w/1/c/2')
})

test('an invite comes before everything else', () => {
  expect(destination({ to: '/w/3/c/4', invite: 'a/b' })).toBe('/i/a%2Fb')
})
