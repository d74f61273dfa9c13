import type { Placement } from '@floating-ui/dom'

/**
 * Where a popup is to be put: in the dialog or region of what it belongs to, so that it lies above all
 * else, and is found there by who listens.
 */
export const layerOf = (anchor: Element): Element =>
  anchor.closest('dialog, aside, main, nav') ?? document.body

/** Puts a popup of `position: fixed` beside its anchor, where there is room. Before, it has the focus but is neither seen nor met. */
export async function place(
  anchor: Element | { getBoundingClientRect(): DOMRect },
  popup: HTMLElement,
  placement: Placement,
  gap = 4,
): Promise<void> {
  Object.assign(popup.style, { opacity: '0', pointerEvents: 'none' })
  const { computePosition, flip, offset, shift } = await import('@floating-ui/dom')
  const { x, y } = await computePosition(anchor, popup, {
    placement,
    strategy: 'fixed',
    middleware: [offset(gap), flip({ padding: 8 }), shift({ padding: 8 })],
  })
  Object.assign(popup.style, { left: `${x}px`, top: `${y}px`, opacity: '', pointerEvents: '' })
}
