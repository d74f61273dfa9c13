import { computed, nextTick, shallowRef } from 'vue'
import type { Row } from '../rows.ts'

interface Options {
  rows(): readonly Row[]
  box(): HTMLElement | null | undefined
  /** Brings a row onto the screen that is not in the page. */
  bring(key: string): void
  /** Makes the chat's first or last message one of the rows. */
  reach(edge: 'start' | 'end'): Promise<void>
  /** What Enter and the letters do on the message that has the focus. */
  act(key: string, row: Row): boolean
}

/** How long a row may take to come, in frames. */
const mostFrames = 30

const edges: Readonly<Record<string, 'start' | 'end'>> = { Home: 'start', End: 'end' }
const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 }
const pages: Readonly<Record<string, 1 | -1>> = { PageUp: -1, PageDown: 1 }

/** The focus in the list: one stop for Tab, and the arrows move by message. */
export function useListKeys({ rows, box, bring, reach, act }: Options) {
  const activeKey = shallowRef<string>()

  const articleOf = (key: string): HTMLElement | undefined =>
    box()?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? undefined

  /** What is brought onto the screen is measured first, unseen, and takes no focus before. */
  async function focus(key: string): Promise<void> {
    activeKey.value = key
    await nextTick()
    if (!articleOf(key)) bring(key)
    for (let frame = 0; frame < mostFrames && activeKey.value === key; frame++) {
      const article = articleOf(key)
      article?.focus({ preventScroll: true })
      if (article && article === document.activeElement) {
        // With the lines above the message.
        article.parentElement?.scrollIntoView({ block: 'nearest' })
        return
      }
      await new Promise(requestAnimationFrame)
    }
  }

  async function focusEdge(edge: 'start' | 'end'): Promise<void> {
    await reach(edge)
    const row = rows().at(edge === 'start' ? 0 : -1)
    if (row) await focus(row.key)
  }

  async function focusPage(from: string | undefined, step: 1 | -1): Promise<void> {
    const { turnPage } = await import('./page-turn.ts')
    const element = box()
    const key = element && (await turnPage(element, from, step))
    if (key) await focus(key)
  }

  function next(key: string, index: number): number | undefined {
    const { length } = rows()
    const step = steps[key]
    return step === undefined ? undefined : Math.min(length - 1, Math.max(0, index + step))
  }

  function onKey(event: KeyboardEvent): void {
    const { key, target } = event
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (key === 'Escape') {
      document.getElementById('composer')?.focus()
      return
    }
    // Inside of a message the keys belong to what is there.
    if (!(target instanceof HTMLElement) || !target.matches('article, [data-testid=scroller]'))
      return
    const index = rows().findIndex((row) => row.key === target.dataset['key'])
    const row = rows()[index]
    const to = next(key, index === -1 ? rows().length : index)
    const found = to === undefined ? undefined : rows()[to]
    const edge = edges[key]
    const page = pages[key]
    if (page) void focusPage(row?.key, page).catch(() => undefined)
    else if (edge) void focusEdge(edge)
    else if (found) void focus(found.key)
    else if (!row || !act(key, row)) return
    event.preventDefault()
  }

  function onFocus({ target }: FocusEvent): void {
    if (!(target instanceof Element)) return
    const article = target.closest<HTMLElement>('article')
    if (article) activeKey.value = article.dataset['key']
    else if (target === box() && target.matches(':focus-visible')) {
      const last = rows().at(-1)
      const key = activeKey.value ?? last?.key
      if (key !== undefined) void focus(key)
    }
  }

  /** The row with the focus and its neighbours stay in the page, so that the arrows find them. */
  const mounted = computed(() => {
    if (activeKey.value === undefined) return []
    const index = rows().findIndex((row) => row.key === activeKey.value)
    if (index === -1) return []
    return rows()
      .slice(Math.max(0, index - 1), index + 2)
      .map(({ key }) => key)
  })

  return { activeKey, mounted, focus, onKey, onFocus, articleOf }
}
