import { defineStore } from 'pinia'

/** Which chats hold something written and not sent. */
export const useDrafts = defineStore('drafts', () => ({
  has: (_chatId: number): boolean => false,
}))
