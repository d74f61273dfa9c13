import { type ShallowRef, nextTick, onMounted, ref, watch } from 'vue'
import { useOutbox } from '../outbox/outbox.ts'

type Field = Readonly<ShallowRef<HTMLTextAreaElement | null>>

const grows = CSS.supports('field-sizing', 'content')

/** The text field of a chat: its text, its caret, and its draft, which keeps both. */
export function useField(chatId: number, field: Field) {
  const outbox = useOutbox()
  const draft = outbox.draftOf(chatId)
  const text = ref(draft.text)
  /** While something else than the draft stands in it. */
  let borrowed = false

  /** Where the caret is to be once the field has the focus: placing it would take that in Safari. */
  let caret: { start: number; end: number } | undefined = draft

  function restore(): void {
    if (caret) field.value?.setSelectionRange(caret.start, caret.end)
    caret = undefined
  }
  async function select(start: number, end: number): Promise<void> {
    caret = { start, end }
    await nextTick()
    if (document.activeElement === field.value) restore()
  }

  function keep(): void {
    if (borrowed || !field.value) return
    const { selectionStart: start, selectionEnd: end } = field.value
    outbox.saveDraft({ chat_id: chatId, text: text.value, start, end })
  }

  /** Takes over what stands in the field. */
  function read(): void {
    if (!field.value) return
    text.value = field.value.value
    keep()
  }

  /** The way that undo knows, where there is one. */
  function replace(start: number, end: number, insert: string): void {
    const element = field.value
    if (!element) return
    element.focus()
    element.setSelectionRange(start, end)
    const done = document.execCommand('insertText', false, insert)
    if (!done) element.setRangeText(insert, start, end, 'end')
    read()
  }

  function set(next: string, start = next.length, end = start): void {
    text.value = next
    void select(start, end)
  }

  watch(
    () => outbox.arrivedDraft,
    (arrived) => {
      if (arrived?.chat_id !== chatId || borrowed || arrived.text === text.value) return
      set(arrived.text, arrived.start, arrived.end)
    },
    // Several may arrive in one turn.
    { flush: 'sync' },
  )
  if (!grows) watch(text, () => void nextTick(fit))
  function fit(): void {
    if (!field.value) return
    field.value.style.blockSize = 'auto'
    field.value.style.blockSize = `${field.value.scrollHeight}px`
  }

  onMounted(() => {
    if (!grows) fit()
    // Whoever points with a mouse and came by it writes next; nobody's focus is taken otherwise.
    const at = document.activeElement
    const idle =
      at === document.body || (at instanceof HTMLAnchorElement && !at.matches(':focus-visible'))
    if (idle && matchMedia('(pointer: fine)').matches) field.value?.focus({ preventScroll: true })
  })

  return {
    text,
    read,
    keep,
    replace,
    restore,
    /** Puts another text in, to be changed; the draft stays as it is. */
    borrow(other: string): void {
      borrowed = true
      set(other)
      field.value?.focus()
    },
    giveBack(): void {
      borrowed = false
      const { text, start, end } = outbox.draftOf(chatId)
      set(text, start, end)
      field.value?.focus()
    },
    empty: (): void => set(''),
  }
}
