import { NetworkError } from '@parley/sdk'
import { computed, ref } from 'vue'
import { client } from '../../app/client.ts'
import { t } from '../../words/words.ts'
import { useTimelines } from '../timeline.ts'
import { useEditing } from './editing.ts'

/** The change of a message that is going on in this chat. */
export function useEdit(chatId: number) {
  const store = useEditing()
  const timelines = useTimelines()
  const editing = computed(() => (store.editing?.chat_id === chatId ? store.editing : undefined))
  const problem = ref<string>()
  /** It was emptied, so the person is asked whether the message is to go. */
  const asking = ref(false)
  let busy = false

  async function tell(work: () => Promise<unknown>): Promise<void> {
    if (busy) return
    busy = true
    problem.value = undefined
    try {
      await work()
      store.cancel()
    } catch (error) {
      problem.value = t(error instanceof NetworkError ? 'app.unreachable' : 'composer.not_saved')
    } finally {
      busy = false
    }
  }

  return {
    editing,
    problem,
    asking,
    cancel(): void {
      problem.value = undefined
      store.cancel()
    },
    /** Begins with one's own last message; false where there is none. */
    beginLast(): boolean {
      const last = timelines.lastOwnMessage(chatId)
      if (last) store.begin(last)
      return last !== undefined
    },
    save(content: string): void {
      const { message_id, content: before, has_files } = editing.value ?? {}
      if (message_id === undefined) return
      if (content === before) return store.cancel()
      if (content === '' && has_files !== true) return void (asking.value = true)
      const params = { id: chatId, message_id }
      void tell(() => client.editMessage({ params, body: { content } }))
    },
    remove(): void {
      const message_id = editing.value?.message_id
      asking.value = false
      if (message_id === undefined) return
      void tell(() => client.deleteMessage({ params: { id: chatId, message_id } }))
    },
  }
}
