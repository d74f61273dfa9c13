/** Nobody waits longer for it, in milliseconds. */
const mostMs = 2_000
const { promise, resolve } = Promise.withResolvers<void>()

/**
 * Resolves once what one came for is on the screen, or somebody does something: what can wait till
 * then takes no time from it.
 */
export const firstView = promise

/** It will be in the next frame. */
export const firstViewShown = (): void =>
  void requestAnimationFrame(() => setTimeout(() => resolve()))

setTimeout(() => resolve(), mostMs)
for (const input of ['pointerdown', 'keydown'])
  addEventListener(input, () => resolve(), { once: true, capture: true })
