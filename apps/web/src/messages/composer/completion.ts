import { computed, ref, shallowRef, watch } from 'vue'
import { useSession } from '../../auth/session.ts'
import { useLive } from '../../live/live.ts'
import { locale } from '../../words/words.ts'
import { emojiNamed, findEmoji, wantEmoji } from '../emoji/emoji.ts'
import { type Named, rankPeople } from './match.ts'
import { usePeople } from './people.ts'
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

/** How many are shown. */
const most = 8
/** So long after the last key the server is asked, in milliseconds. */
const searchAfterMs = 150

const choiceOf =
  (outside: boolean) =>
  ({ id, username }: Named): Choice => ({
    key: `person-${id}`,
    insert: `@${username} `,
    label: username,
    outside,
  })

/** What can complete the word before the caret, of the people of a chat and of the emoji. */
export function useCompletion(chatId: number) {
  const live = useLive()
  const session = useSession()
  const people = usePeople()
  const trigger = shallowRef<Trigger>()
  const chosen = ref(0)
  const me = () => session.me?.id
  /** Where the person closed it; it stays closed while they go on with that word. */
  let closedAt: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const choices = computed<readonly Choice[]>(() => {
    const asked = trigger.value
    const chat = live.state?.chats.get(chatId)
    if (!asked || !chat) return []
    if (asked.kind === 'person') {
      const inside = people.members(chat)
      const known = new Set(inside.map(({ id }) => id))
      const others = people.around(chat).filter(({ id }) => !known.has(id))
      const rank = (users: readonly Named[]) => rankPeople(users, asked.query, locale.value, me())
      // Where not all members are listed, nobody knows yet that somebody is none.
      const outside = chat.users.length > 0
      return [...rank(inside).map(choiceOf(false)), ...rank(others).map(choiceOf(outside))].slice(
        0,
        most,
      )
    }
    return findEmoji(asked.query, most).map(({ name, character }) => ({
      key: `emoji-${name}`,
      insert: `${character} `,
      label: `:${name}:`,
      emoji: character,
    }))
  })
  watch([() => trigger.value?.start, () => trigger.value?.query], () => (chosen.value = 0))

  const active = computed(() => Math.min(chosen.value, Math.max(0, choices.value.length - 1)))

  function ask({ kind, query }: Trigger): void {
    clearTimeout(timer)
    if (kind === 'emoji') return wantEmoji()
    const chat = live.chat(chatId)
    if (!chat) return
    void people.want(chat)
    timer = setTimeout(() => void people.search(chat, query), searchAfterMs)
  }

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
      if (trigger.value) ask(trigger.value)
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
