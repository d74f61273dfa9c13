import { shallowRef } from 'vue'

/** The day that a list is to go to, `2026-11-26`: a new one each time, also for the same day. */
export const jumps = shallowRef<{ chatId: number; day: string }>()
