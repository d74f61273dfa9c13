import { type Ref, shallowRef, watch } from 'vue'
import { stored } from '../../ui/stored.ts'

/** The modifiers of Unicode, light to dark; none leaves an emoji as it is. */
export const tones = ['', '🏻', '🏼', '🏽', '🏾', '🏿'] as const

/** The skin that the person chose, of this browser. */
export const tone = stored<(typeof tones)[number]>('parley.skin_tone', '', (text) =>
  tones.find((one) => one === text),
)

/** People in the skin that was chosen; all else as it is. */
export const inTone = (character: string, chosen: string): string =>
  chosen === '' ? character : character.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${chosen}`)

const key = 'parley.emoji'
const mostRecent = 18

/** The names of those that were used last. */
export const recentEmoji: Ref<readonly string[]> = shallowRef(
  (localStorage.getItem(key) ?? '').split(' ').filter((name) => name !== ''),
)
watch(recentEmoji, (names) => localStorage.setItem(key, names.join(' ')))

export function usedEmoji(name: string): void {
  recentEmoji.value = [name, ...recentEmoji.value.filter((one) => one !== name)].slice(
    0,
    mostRecent,
  )
}
