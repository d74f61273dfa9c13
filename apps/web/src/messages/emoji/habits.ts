import { computed } from 'vue'
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

const mostRecent = 18
const used = stored<string>('parley.emoji', '', (text) => text)

/** The names of those that were used last. */
export const recentEmoji = computed(() => used.value.split(' ').filter((name) => name !== ''))

export function usedEmoji(name: string): void {
  const others = recentEmoji.value.filter((one) => one !== name)
  used.value = [name, ...others].slice(0, mostRecent).join(' ')
}
