import { type ShallowRef, onBeforeUnmount, watch } from 'vue'

/**
 * Keeps a native dialog as open as `open` says. The browser traps the focus, gives it back, and
 * closes only the topmost one at Esc.
 */
export function useModal(
  dialog: Readonly<ShallowRef<HTMLDialogElement | null>>,
  open: () => boolean,
): void {
  watch(
    () => open() && dialog.value,
    (shown) => {
      if (shown instanceof HTMLDialogElement) {
        if (!shown.open) shown.showModal()
      } else dialog.value?.close()
    },
    { flush: 'post', immediate: true },
  )
  // One that is taken off the page while it is open would not give the focus back.
  onBeforeUnmount(() => dialog.value?.close())
}
