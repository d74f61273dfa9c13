import { type Ref, computed, shallowRef } from 'vue'
import type { Row } from '../rows.ts'
import type { MessageAction } from './actions.ts'

/** How far the toolbar stands over the row's top, in pixels; where it is narrow it stands above all text. */
const over = 14
const height = 36
const narrow = 480
const longPressMs = 500

interface Options {
  frame: Readonly<Ref<HTMLElement | null>>
  rowOf(key: string): Row | undefined
  actionsOf(row: Row): MessageAction[]
}

const articleIn = (target: EventTarget | null): HTMLElement | undefined =>
  target instanceof Element ? (target.closest<HTMLElement>('article') ?? undefined) : undefined

/** Where the one toolbar is, and of what: moved by what happens in the list. */
export function useToolbar({ frame, rowOf, actionsOf }: Options) {
  const shown = shallowRef<{ key: string; top: number }>()
  const sheet = shallowRef<string>()
  let press: ReturnType<typeof setTimeout> | undefined
  /** The message that a finger is on. */
  let pressed: string | undefined

  const actionsAt = (key: string | undefined): MessageAction[] => {
    const row = key === undefined ? undefined : rowOf(key)
    return row ? actionsOf(row) : []
  }

  function showAt(article: HTMLElement): void {
    const { key } = article.dataset
    const box = frame.value?.getBoundingClientRect()
    if (key === undefined || !box || actionsAt(key).length === 0) return hide()
    const { top, bottom } = article.getBoundingClientRect()
    const above = top - box.top - (box.width < narrow ? height : over)
    const below = Math.min(bottom, box.bottom) - box.top - over
    shown.value = { key, top: above >= 0 || box.width >= narrow ? Math.max(0, above) : below }
  }
  function hide(): void {
    shown.value = undefined
  }
  function endPress(): void {
    clearTimeout(press)
    pressed = undefined
  }
  function openSheet(): boolean {
    if (actionsAt(pressed).length > 0) sheet.value = pressed
    return sheet.value !== undefined
  }

  return {
    shown,
    actions: computed(() => actionsAt(shown.value?.key)),
    sheetActions: computed(() => actionsAt(sheet.value)),
    sheetOpen: computed({
      get: () => sheet.value !== undefined,
      set: (open) => {
        if (!open) sheet.value = undefined
      },
    }),
    showAt,
    hide,
    /** Handlers of the frame around the list. */
    events: {
      onPointerover({ target, pointerType }: PointerEvent): void {
        const article = articleIn(target)
        if (pointerType !== 'touch' && article) showAt(article)
      },
      onPointerleave: hide,
      onFocusin({ target }: FocusEvent): void {
        if (target instanceof HTMLElement && target.matches('article:focus-visible')) showAt(target)
      },
      onTouchstartPassive({ target }: TouchEvent): void {
        endPress()
        if (target instanceof Element && target.closest('a')) return
        pressed = articleIn(target)?.dataset['key']
        press = setTimeout(openSheet, longPressMs)
      },
      /** A browser that has its own menu for a long press ends the touch when it shows that. */
      onContextmenu(event: Event): void {
        if (pressed !== undefined && openSheet()) event.preventDefault()
      },
      onTouchendPassive: endPress,
      onTouchmovePassive: endPress,
      onTouchcancelPassive: endPress,
    },
  }
}
