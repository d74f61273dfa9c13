import { computed, ref, shallowRef, watch } from 'vue'
import { afterFirstView } from '../../app/later.ts'
import { useLive } from '../../live/live.ts'
import type * as Choices from './choices.ts'
import { emojiNamed, wantEmoji } from '../emoji/emoji.ts'
import { type Trigger, emojiNameAt, triggerAt } from './trigger.ts'

export interface Choice {
  key: string
  /** What stands in the text when it is chosen. */
  insert: string
  label: string
  emoji?: string
  /** Of a person: not in the chat. */
  outside?: boolean
}

/** So long after the last key the server is asked, in milliseconds. */
const searchAfterMs = 150

/** What finds the choices, once it is there. */
const finder = shallowRef<typeof Choices>()
const load = afterFirstView(() => import('./choices.ts'))
/** A part that could not be loaded is asked for again with the next word. */
const wantFinder = async (): Promise<void> => {
  finder.value ??= await load().catch(() => undefined)
}

/** What can complete the word before the caret, of the people of a chat and of the emoji. */
export function useCompletion(chatId: number) {
  const live = useLive()
  const trigger = shallowRef<Trigger>()
  const chosen = ref(0)
  /** Where the person closed it; it stays closed while they go on with that word. */
  let closedAt: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const choices = computed<readonly Choice[]>(() => {
    const [asked, chat] = [trigger.value, live.state?.chats.get(chatId)]
    return asked && chat ? (finder.value?.choicesFor(asked, chat) ?? []) : []
  })
  watch([() => trigger.value?.start, () => trigger.value?.query], () => (chosen.value = 0))

  const active = computed(() => Math.min(chosen.value, Math.max(0, choices.value.length - 1)))

  function ask({ kind, query }: Trigger): void {
    clearTimeout(timer)
    if (kind === 'emoji') return wantEmoji()
    const [find, chat] = [finder.value, live.chat(chatId)]
    if (!find || !chat) return
    find.wantPeople(chat)
    timer = setTimeout(() => find.searchPeople(chat, query), searchAfterMs)
  }
  void wantFinder()
  watch(finder, () => trigger.value && ask(trigger.value))

  return {
    choices,
    active,
    isOpen: computed(() => choices.value.length > 0),
    trigger,
    /** The text or the caret is another. */
    look(text: string, caret: number): void {
      const next = triggerAt(text, caret)
      if (next?.start !== closedAt) closedAt = undefined
      trigger.value = next && closedAt === undefined ? next : undefined
      if (!trigger.value) return
      void wantFinder()
      ask(trigger.value)
    },
    /** A whole `:name:` that was just typed, and what it stands for. */
    typed(text: string, caret: number): { start: number; insert: string } | undefined {
      const whole = emojiNameAt(text, caret)
      const insert = whole && emojiNamed(whole.query)
      return whole && insert !== undefined ? { start: whole.start, insert } : undefined
    },
    move(step: 1 | -1): void {
      const count = choices.value.length
      chosen.value = (active.value + step + count) % count
    },
    point(index: number): void {
      chosen.value = index
    },
    close(): void {
      closedAt = trigger.value?.start
      trigger.value = undefined
    },
    forget(): void {
      clearTimeout(timer)
      trigger.value = undefined
    },
  }
}
