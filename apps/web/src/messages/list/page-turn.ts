/** How long rows may take to be drawn, in frames. */
const mostFrames = 30

interface Drawn {
  key: string
  top: number
  bottom: number
}

/** The rows in the page, by where they are from the top of the screen. */
function drawnIn(box: HTMLElement): Drawn[] {
  const edge = box.getBoundingClientRect().top
  return Array.from(box.querySelectorAll<HTMLElement>('article'), (article) => {
    const { top, bottom } = (article.parentElement ?? article).getBoundingClientRect()
    return { key: article.dataset['key'] ?? '', top: top - edge, bottom: bottom - edge }
  })
}

/** Waits until there is a row at that height of the screen. */
async function rowsAt(box: HTMLElement, height: number): Promise<Drawn[]> {
  for (let frame = 0; ; frame++) {
    const drawn = drawnIn(box)
    const covered = drawn.some(({ top, bottom }) => top <= height && height <= bottom)
    if (covered || frame === mostFrames) return drawn
    await new Promise(requestAnimationFrame)
  }
}

/**
 * Moves the list by a screen, or as far as it goes. Gives the row that is a screen further than `from`
 * then, or is the nearest to that.
 */
export async function turnPage(
  box: HTMLElement,
  from: string | undefined,
  step: 1 | -1,
): Promise<string | undefined> {
  const { clientHeight: screen, scrollTop: before } = box
  const within = (height: number): number => Math.min(screen - 1, Math.max(0, height))
  const place = within(drawnIn(box).find(({ key }) => key === from)?.top ?? screen)
  box.scrollTop += step * screen
  const goal = place + step * screen - (box.scrollTop - before)
  const rows = await rowsAt(box, within(goal))
  const distance = ({ top }: Drawn): number => Math.abs(top - goal)
  const [first, ...others] = rows
  if (!first) return undefined
  return others.reduce((best, row) => (distance(row) < distance(best) ? row : best), first).key
}
