import { type ShallowRef, computed, onBeforeUnmount, watch } from 'vue'
import { useOutbox } from '../outbox/outbox.ts'
import { client } from '../../app/client.ts'
import { type Choice, useCompletion } from './completion.ts'
import { useEdit } from './edit.ts'
import { useField } from './field.ts'
import { sends } from './keys.ts'
import { messageLimit, wantMessageLimit } from './limit.ts'
import { sendKey } from './send-key.ts'
import { strokes } from './strokes.ts'
import { createTyping } from './typing.ts'
import { contentOf, inFence, lengthOf } from './text.ts'

/** One for all chats, as their composers come and go. Nobody minds one that is lost. */
const typing = createTyping(
  (id) => void client.sendTyping({ params: { id } }).catch(() => undefined),
)

/** What the composer of a chat does with keys and with what is typed. */
export function useComposer(
  chatId: number,
  element: Readonly<ShallowRef<HTMLTextAreaElement | null>>,
) {
  const outbox = useOutbox()
  const field = useField(chatId, element)
  const completion = useCompletion(chatId)
  const edit = useEdit(chatId)
  const { text } = field
  const { editing } = edit

  const content = computed(() => contentOf(text.value))
  watch(content, wantMessageLimit, { immediate: true })
  const over = computed(() => Math.max(0, lengthOf(content.value) - messageLimit.value))
  const canSend = computed(
    () =>
      over.value === 0 &&
      (content.value !== '' || editing.value !== undefined || outbox.attached.has(chatId)),
  )
  const caret = () => element.value?.selectionStart ?? 0

  function choose({ insert }: Choice): void {
    const trigger = completion.trigger.value
    if (trigger) field.replace(trigger.start, caret(), insert)
    completion.forget()
  }
  /** Puts a text where the caret is. */
  function insert(text: string): void {
    element.value?.focus()
    field.replace(caret(), element.value?.selectionEnd ?? caret(), text)
  }
  function submit(): void {
    element.value?.focus()
    completion.forget()
    if (!canSend.value) return
    if (editing.value) edit.save(content.value)
    else if (outbox.send(chatId, content.value)) {
      field.empty()
      typing.ended(chatId)
    }
  }

  watch(editing, (now) => (now ? field.borrow(now.content) : field.giveBack()))
  onBeforeUnmount(() => {
    completion.forget()
    if (editing.value) edit.cancel()
  })

  return {
    text,
    over,
    canSend,
    edit,
    completion,
    choose,
    insert,
    submit,
    onInput(event: Event): void {
      field.read()
      if (content.value === '') typing.ended(chatId)
      else if (!editing.value) typing.typed(chatId)
      if (event instanceof InputEvent && event.isComposing) return completion.forget()
      const whole = completion.typed(text.value, caret())
      if (whole) field.replace(whole.start, caret(), whole.insert)
      else completion.look(text.value, caret())
    },
    /** The caret may be elsewhere. */
    onMove(): void {
      field.keep()
      completion.look(text.value, caret())
    },
    onFocus: field.restore,
    onKey: strokes({
      completion,
      choose,
      submit,
      sends: (event) => sends(event, sendKey.value, inFence(text.value, caret())),
      leaves() {
        const leaves = editing.value !== undefined
        if (leaves) edit.cancel()
        return leaves
      },
      goesBack: () => text.value === '' && !editing.value && edit.beginLast(),
    }),
  }
}
