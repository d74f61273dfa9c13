/** A finger goes at least so far, in pixels, and more across than down. */
const leastPixels = 48

/** Handlers of an element that is turned over by one finger; not while the page is zoomed. */
export function useSwipe(turn: (toLeft: boolean) => unknown) {
  let from: { x: number; y: number } | undefined
  return {
    touchstart({ touches }: TouchEvent): void {
      const [touch] = touches
      const zoomed = (visualViewport?.scale ?? 1) > 1.01
      from =
        touch && touches.length === 1 && !zoomed
          ? { x: touch.clientX, y: touch.clientY }
          : undefined
    },
    touchend({ changedTouches: [touch] }: TouchEvent): void {
      if (!from || !touch) return
      const [across, down] = [touch.clientX - from.x, touch.clientY - from.y]
      from = undefined
      if (Math.abs(across) >= leastPixels && Math.abs(across) > Math.abs(down)) turn(across < 0)
    },
    touchcancel(): void {
      from = undefined
    },
  }
}
