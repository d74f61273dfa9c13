import { onBeforeUnmount, onMounted } from 'vue'

/** How near to the edge a swipe begins, and how far it goes, in pixels. */
const edge = 28
const far = 64

/** Calls `act` when a finger comes in from the edge where lines begin. */
export function useEdgeSwipe(act: () => void): void {
  let from: Touch | undefined

  const isRtl = () => document.documentElement.dir === 'rtl'
  function onStart({ touches }: TouchEvent): void {
    const touch = touches.length === 1 ? touches[0] : undefined
    const inset = touch && (isRtl() ? innerWidth - touch.clientX : touch.clientX)
    from = inset !== undefined && inset <= edge ? touch : undefined
  }
  function onEnd({ changedTouches }: TouchEvent): void {
    const [start, end] = [from, changedTouches[0]]
    from = undefined
    if (!start || !end) return
    const across = (end.clientX - start.clientX) * (isRtl() ? -1 : 1)
    if (across >= far && Math.abs(end.clientY - start.clientY) < across / 2) act()
  }
  onMounted(() => {
    addEventListener('touchstart', onStart, { passive: true })
    addEventListener('touchend', onEnd, { passive: true })
  })
  onBeforeUnmount(() => {
    removeEventListener('touchstart', onStart)
    removeEventListener('touchend', onEnd)
  })
}
