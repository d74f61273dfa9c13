import { ref, watch } from 'vue'

/** What a message may sound for; nothing else does. */
export const soundKinds = ['direct', 'mention'] as const
export type SoundKind = (typeof soundKinds)[number]

const key = 'parley.sounds'

function kept(): SoundKind[] {
  const on = localStorage.getItem(key)?.split(' ')
  return soundKinds.filter((kind) => on?.includes(kind) ?? true)
}

/** Those that are on in this browser. */
export const sounds = ref(kept())
watch(sounds, (on) => localStorage.setItem(key, on.join(' ')))
addEventListener('storage', (event) => {
  if (event.key === key) sounds.value = kept()
})
