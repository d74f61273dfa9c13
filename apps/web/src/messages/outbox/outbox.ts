import { makeNonce } from '@parley/sdk'
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { Attached } from '../files/attached.ts'
import { type Draft, createDrafts } from './drafts.ts'
import { usePost } from './post.ts'
import { type Pending, type Queue, timeBehind, unsent, withFile } from './queue.ts'

const none: readonly never[] = []

/** What was written and is not in the list yet, and what is being written. */
export const useOutbox = defineStore('outbox', () => {
  const queue = shallowRef<Queue>([])
  const byChat = computed(() => Map.groupBy(queue.value, ({ chat_id }) => chat_id))
  /** The browser keeps nothing: what is not sent is gone with the page. */
  const volatile = ref(false)
  const drafts = createDrafts((list) => post.tellDrafts(list))
  /** What is to go with the next message of a chat. */
  const attached = shallowReactive(new Map<number, readonly Attached[]>())
  const post = usePost(queue, drafts, volatile)

  return {
    /** Of this chat, in the order in which they go out. */
    pendingOf: (chatId: number): readonly Pending[] => byChat.value.get(chatId) ?? none,
    /** The message is in the queue, its row in the list, when this returns; false if nobody is signed in. */
    send(chat_id: number, content: string): boolean {
      if (!post.isOpen()) return false
      const waits = !navigator.onLine || queue.value.some(({ state }) => state === 'waiting')
      const pending: Pending = {
        nonce: makeNonce(),
        chat_id,
        content,
        files: attached.get(chat_id),
        created_at: timeBehind(queue.value, Date.now()),
        state: waits ? 'waiting' : 'sending',
      }
      drafts.drop(chat_id)
      attached.delete(chat_id)
      post.act({ type: 'added', pending }, chat_id)
      return true
    },
    queue,
    attached,
    /** One that is to be sent, attached or in the queue. */
    fileOf: (key: string): Attached | undefined =>
      [...attached.values(), ...queue.value.map(({ files = none }) => files)]
        .flat()
        .find((file) => file.key === key),
    /** A file was changed, as by its upload, or is taken out. */
    changeFile(key: string, file: Attached | undefined): void {
      for (const [chatId, files] of attached) {
        const left = withFile(files, key, file)
        if (left.length > 0) attached.set(chatId, left)
        else attached.delete(chatId)
      }
      post.act({ type: 'file', key, file })
    },
    retry: (nonce: string) =>
      post.act({ type: 'retried', nonce, at: timeBehind(queue.value, Date.now()) }),
    discard: (nonce: string) => post.act({ type: 'discarded', nonce }),
    /** How many messages sign-out would lose. */
    unsent: (): number => unsent(queue.value),
    /** Leaves nothing of this account in the browser. To be followed by the sign-out at once. */
    clear: (): Promise<void> => post.forget(),
    draftOf: (chatId: number): Draft => drafts.of(chatId),
    saveDraft: (draft: Draft): void => drafts.write(draft),
    hasDraft: (chatId: number): boolean => drafts.filled.value.has(chatId) || attached.has(chatId),
    arrivedDraft: drafts.arrived,
    volatile,
  }
})
