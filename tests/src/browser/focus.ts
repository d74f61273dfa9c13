/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'
import { expect } from './fixtures.ts'

interface Focused {
  name: string
  wrong: string[]
}

/** Runs in the page: where the focus is, and what is wrong with that; nothing at its end. */
function lookAtFocus(): Focused | undefined {
  const element = document.activeElement
  if (!element || element === document.body || element === document.documentElement)
    return undefined
  const wrong: string[] = []
  const { left, right, top, bottom } = element.getBoundingClientRect()
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    wrong.push('is not visible')
  if (right - left < 2 || bottom - top < 2) wrong.push('has no size')
  // What is larger than its place is seen in part.
  const xs = [Math.max(left, 0) + 2, Math.min(right, innerWidth) - 2]
  const ys = [Math.max(top, 0) + 2, Math.min(bottom, innerHeight) - 2]
  const seen = xs.flatMap((x) => ys.map((y) => document.elementFromPoint(x, y)))
  if (!seen.some((one) => one !== null && (element.contains(one) || one.contains(element))))
    wrong.push('is covered')
  const ringed = [element, element.parentElement?.closest('.composer, .field')].some((one) => {
    if (!one) return false
    const { outlineStyle, outlineWidth } = getComputedStyle(one)
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
  })
  if (!ringed) wrong.push('has no ring')
  const { localName, id, textContent } = element
  const more = ['aria-label', 'href', 'value'].map((name) => element.getAttribute(name) ?? '')
  return { name: [localName, id, ...more, textContent.trim().slice(0, 80)].join(' '), wrong }
}

const most = 60

/** Tabs once through what there is: each stop is seen, uncovered, and has a ring. Gives their number. */
export async function tabThrough(page: Page, what: string): Promise<number> {
  const stops: string[] = []
  let ends = 0
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(lookAtFocus)
    // After the end it begins anew.
    if (!focused && ends++ === 0) continue
    // A date is a stop for each of its parts.
    if (focused && focused.name === stops.at(-1)) continue
    if (!focused || stops.includes(focused.name)) break
    stops.push(focused.name)
    expect.soft(focused.wrong, `${what}: ${focused.name}`).toEqual([])
  }
  expect(stops.length, what).toBeLessThan(most)
  return stops.length
}
