/** Keeps what is read where it is, over one change of the page. */
export function useAnchor(box: () => HTMLElement | null) {
  let noted: { row: Element; top: number } | undefined

  return {
    /** The first message that begins on the screen, as long as the page is what it was. */
    note(): void {
      noted = undefined
      const element = box()
      if (!element) return
      const { top } = element.getBoundingClientRect()
      for (const row of element.querySelectorAll('article')) {
        const place = row.getBoundingClientRect().top
        if (place < top) continue
        noted = { row, top: place }
        return
      }
    },
    /** Undoes what the change moved it by. */
    restore(): void {
      const element = box()
      if (!element || noted?.row.isConnected !== true) return
      const off = noted.row.getBoundingClientRect().top - noted.top
      if (Math.abs(off) >= 0.5) element.scrollTop += off
      noted = undefined
    },
    forget: (): void => void (noted = undefined),
  }
}
