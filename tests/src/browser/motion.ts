/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'

/** What may change without anything moving. */
const still = ['opacity', 'color', 'backgroundColor', 'visibility', 'outlineColor']

/** Runs in the page: keeps what moves by itself, from when it begins. */
function record(still: readonly string[]): void {
  const moves: string[] = []
  Reflect.set(window, 'moves', moves)
  const about = new Set(['offset', 'computedOffset', 'easing', 'composite'])
  const look = ({ target }: Event): void => {
    if (!(target instanceof Element)) return
    for (const { effect } of target.getAnimations({ subtree: false })) {
      const frames = effect instanceof KeyframeEffect ? effect.getKeyframes() : []
      const properties = new Set(frames.flatMap((frame) => Object.keys(frame)))
      const lasts = Number(effect?.getComputedTiming().activeDuration) > 0
      for (const name of properties)
        if (lasts && !about.has(name) && !still.includes(name))
          moves.push(`${name} of ${target.tagName.toLowerCase()}.${target.className}`)
    }
  }
  addEventListener('animationstart', look, true)
  addEventListener('transitionrun', look, true)
}

/** Watches every page from now on; ask for what moved at the end. */
export async function watchMotion(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(record, still)
  return async () => {
    const moves: unknown = await page.evaluate('moves')
    return Array.isArray(moves) ? moves.map(String) : []
  }
}
