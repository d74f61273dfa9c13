/// <reference lib="dom" />
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './fixtures.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const themes = ['dark', 'light'] as const

/** Code in a message is reached by Tab once the arrows are at its message: axe sees the rest of them. */
const isRoving = (id: string, html: string): boolean =>
  id === 'scrollable-region-focusable' && /^<pre [^>]*tabindex="-1"/.test(html)
/** What axe cannot tell of contrast, and needs not: what lies under something, and arrows on keys. */
const fine = /(obscured|overlapped) by another element|only non-text characters/

/** In both themes: nothing that axe knows to be wrong, or cannot tell of contrast. */
export async function isAccessible(page: Page, what: string): Promise<void> {
  for (const theme of themes) {
    await page.evaluate((theme) => void (document.documentElement.dataset['theme'] = theme), theme)
    // What still changes its colour has neither the one nor the other.
    await expect.poll(() => page.evaluate(() => document.getAnimations().length)).toBe(0)
    // In the page itself: a second page, which it would open, takes the focus away.
    const axe = new AxeBuilder({ page }).setLegacyMode().withTags(rules)
    const { violations, incomplete } = await axe.analyze()
    const wrong = violations.flatMap(({ id, nodes }) =>
      nodes.filter(({ html }) => !isRoving(id, html)).map(({ html }) => `${id}: ${html}`),
    )
    const unknown = incomplete
      .filter(({ id }) => id === 'color-contrast')
      .flatMap(({ nodes }) => nodes)
      .filter(({ any }) => !any.some(({ message }) => fine.test(message)))
      .map(({ html }) => `contrast unknown: ${html}`)
    expect.soft([...wrong, ...unknown], `${what}, ${theme}`).toEqual([])
  }
}
