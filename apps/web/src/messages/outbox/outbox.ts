import { defineStore } from 'pinia'
import type { Pending } from './queue.ts'

const none: readonly Pending[] = []

/** What was written and is not in the list yet. */
export const useOutbox = defineStore('outbox', () => ({
  pendingOf: (_chatId: number): readonly Pending[] => none,
  retry(_nonce: string): void {},
  discard(_nonce: string): void {},
}))
