import { type ShallowRef, onBeforeUnmount, onUnmounted, watch } from 'vue'

/** Where the focus is, with the caret; calling it brings both back, unless the focus went elsewhere. */
function rememberFocus(): () => void {
  const element = document.activeElement
  const isText = element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement
  const [start, end] = isText ? [element.selectionStart, element.selectionEnd] : []
  return () => {
    const now = document.activeElement
    if (!(element instanceof HTMLElement) || (now !== element && now !== document.body)) return
    element.focus({ preventScroll: true })
    if (isText && typeof start === 'number') element.setSelectionRange(start, end ?? start)
  }
}

/**
 * Keeps a native dialog as open as `open` says. The browser traps the focus, gives it back, and
 * closes only the topmost one at Esc.
 */
export function useModal(
  dialog: Readonly<ShallowRef<HTMLDialogElement | null>>,
  open: () => boolean,
): void {
  let giveBack: (() => void) | undefined
  const ended = () => {
    giveBack?.()
    giveBack = undefined
  }
  watch(
    () => open() && dialog.value,
    (shown) => {
      if (shown instanceof HTMLDialogElement) {
        if (shown.open) return
        giveBack = rememberFocus()
        shown.showModal()
      } else {
        dialog.value?.close()
        ended()
      }
    },
    { flush: 'post', immediate: true },
  )
  // One that is taken off the page while it is open would not give the focus back.
  onBeforeUnmount(() => dialog.value?.close())
  // Chromium puts the caret back late: by then the dialog is gone, and the caret with it.
  onUnmounted(ended)
}
