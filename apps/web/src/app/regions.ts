/** The four regions that F6 goes round, in the order in which they stand: `data-region` says which is which. */
export const regions = ['channels', 'messages', 'composer', 'panel'] as const
export type Region = (typeof regions)[number]

const focusable =
  'textarea:not([disabled]), input:not([disabled]), [tabindex="0"], a[href], button:not([disabled])'

const elementOf = (region: Region): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-region="${region}"]`)

const isShown = (element: Element): boolean => element.checkVisibility()

/** What gets the focus in a region: where one is, else the first that can have it. */
function targetIn(region: Region): HTMLElement | undefined {
  const found = elementOf(region)
  const here = found?.querySelector<HTMLElement>('[aria-current="page"]')
  if (here && isShown(here)) return here
  return [...(found?.querySelectorAll<HTMLElement>(focusable) ?? [])].find(isShown)
}

/** Moves the focus to the next region that is there, or the one before; says which one it is. */
export function cycleRegion(step: 1 | -1): Region | undefined {
  const at = regions.findIndex((region) => elementOf(region)?.contains(document.activeElement))
  const start = at === -1 && step === -1 ? 0 : at
  for (let i = 1; i <= regions.length; i++) {
    const region = regions[(start + step * i + regions.length * 2) % regions.length]
    const target = region === undefined ? undefined : targetIn(region)
    if (!target) continue
    target.focus()
    return region
  }
  return undefined
}
