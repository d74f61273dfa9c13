import type { Message } from '@parley/contract'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export interface Editing {
  readonly chat_id: number
  readonly message_id: number
  /** As it was. */
  readonly content: string
  /** Something stays when the text is gone. */
  readonly has_files: boolean
}

/** The message whose text stands in the composer to be changed; one at a time. */
export const useEditing = defineStore('editing', () => {
  const editing = shallowRef<Editing>()
  return {
    editing,
    begin({ chat_id, id, content, files }: Message): void {
      editing.value = { chat_id, message_id: id, content, has_files: files.length > 0 }
    },
    cancel(): void {
      editing.value = undefined
    },
  }
})
