import type { Message } from '@parley/contract'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** The message whose text is in the composer. */
export const useEditing = defineStore('editing', () => {
  const editing = shallowRef<{ chat_id: number; message_id: number }>()
  return {
    editing,
    begin(message: Message): void {
      editing.value = { chat_id: message.chat_id, message_id: message.id }
    },
    cancel(): void {
      editing.value = undefined
    },
  }
})
