/// <reference lib="dom" />
import type { BrowserContext, Page } from '@playwright/test'

/** A tone that a page began: when, in milliseconds since 1970, and for how long. */
interface Sound {
  at: number
  ms: number
}

declare global {
  interface Window {
    sounded: Sound[]
  }
}

/** Keeps the tones of every page from now on. */
export const recordSounds = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    window.sounded = []
    const { start, stop } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function (when) {
      window.sounded.push({ at: Date.now(), ms: Infinity })
      start.call(this, when)
    }
    OscillatorNode.prototype.stop = function (when = 0) {
      const sound = window.sounded.at(-1)
      if (sound) sound.ms = (when - this.context.currentTime) * 1_000
      stop.call(this, when)
    }
  })

/** Of all these pages, in order. */
export async function soundsOn(pages: readonly Page[]): Promise<Sound[]> {
  const all = await Promise.all(pages.map((page) => page.evaluate(() => window.sounded)))
  return all.flat().toSorted((a, b) => a.at - b.at)
}
