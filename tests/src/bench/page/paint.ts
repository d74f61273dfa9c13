/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { JSHandle, Page } from '@playwright/test'

/** Nobody waits longer. */
const mostMs = 5_000

/** What must be on the screen: a title, and a message across the middle of the list. */
export interface Wanted {
  title: string
}

/**
 * From the next click or key press until the chat is painted, in milliseconds. What is looked at is
 * the page right after a frame was made of it, before anything else runs.
 */
export async function untilShown(
  page: Page,
  wanted: Wanted,
  input: 'click' | 'keydown',
  act: () => Promise<unknown>,
): Promise<number> {
  const watch = await page.evaluateHandle(
    ({ title, input, mostMs }) => {
      const isShown = (): boolean => {
        if (document.querySelector('h1')?.textContent !== title) return false
        const box = document.querySelector('[data-testid=scroller]')
        if (!box) return false
        const { top, height } = box.getBoundingClientRect()
        const middle = top + height / 2
        return [...box.querySelectorAll('li')].some((row) => {
          const { top, bottom } = row.getBoundingClientRect()
          return top <= middle && bottom >= middle && getComputedStyle(row).visibility === 'visible'
        })
      }
      const shown = new Promise<number>((resolve) => {
        const { port1, port2 } = new MessageChannel()
        let from = 0
        port1.addEventListener('message', () => {
          const ms = performance.now() - from
          if (isShown() || ms > mostMs) resolve(ms)
          else requestAnimationFrame(look)
        })
        port1.start()
        const look = (): void => port2.postMessage(undefined)
        addEventListener(
          input,
          ({ timeStamp }) => {
            from = timeStamp
            requestAnimationFrame(look)
          },
          { once: true, capture: true },
        )
      })
      return { shown }
    },
    { title: wanted.title, input, mostMs },
  )
  await act()
  const ms = await watch.evaluate(({ shown }) => shown)
  await watch.dispose()
  return ms
}

export interface Inputs {
  /** From each key press until the frame after it is made, in milliseconds. */
  latencies: number[]
}

/** Watches key presses from now on, but for those that only hold another. */
export const watchKeys = (page: Page): Promise<JSHandle<Inputs>> =>
  page.evaluateHandle(() => {
    const seen: Inputs = { latencies: [] }
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', ({ data }: MessageEvent<number>) => {
      seen.latencies.push(performance.now() - data)
    })
    port1.start()
    addEventListener(
      'keydown',
      ({ key, timeStamp }) => {
        if (['Shift', 'Control', 'Alt'].includes(key)) return
        requestAnimationFrame(() => port2.postMessage(timeStamp))
      },
      true,
    )
    return seen
  })
