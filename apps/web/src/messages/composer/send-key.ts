import { ref, watch } from 'vue'
import type { SendKey } from './keys.ts'

const key = 'parley.send_key'
const kept = (): SendKey => (localStorage.getItem(key) === 'ctrl_enter' ? 'ctrl_enter' : 'enter')

/** What the person chose in this browser. */
export const sendKey = ref<SendKey>(kept())
watch(sendKey, (chosen) => localStorage.setItem(key, chosen))
addEventListener('storage', (event) => {
  if (event.key === key) sendKey.value = kept()
})
