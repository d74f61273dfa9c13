/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'
import { expect } from './fixtures.ts'

/** Runs in the page: names what a finger could miss. Links in a text are as high as its lines. */
function smallTargets(): string[] {
  const pressed =
    'button, a[href], input, textarea, select, [role=option], [role=menuitem], [role=separator][tabindex]'
  const found: string[] = []
  const modal = [...document.querySelectorAll('dialog[open]')].at(-1)
  for (const element of (modal ?? document).querySelectorAll(pressed)) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue
    if (element.closest('.md, .only-heard, .skip') || element.parentElement?.closest('.md'))
      continue
    // A label is part of what it names, and a sentence of the link in it.
    const target = element.closest('label') ?? element
    const inText = element.matches('a') && getComputedStyle(element).display === 'inline'
    const { width, height } = target.getBoundingClientRect()
    if (inText || width === 0) continue
    if (height < 43.5 || width < 43.5)
      found.push(`${element.outerHTML.slice(0, 90)} is ${Math.round(width)}x${Math.round(height)}`)
  }
  return found
}

/** Whatever one may press is at least 44 pixels high and wide. */
export async function areLargeEnough(page: Page, what: string): Promise<void> {
  expect.soft(await page.evaluate(smallTargets), what).toEqual([])
}
