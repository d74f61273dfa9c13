import { ref } from 'vue'
import { client } from '../../app/client.ts'

/** Most characters of a message; as many as servers take by default until this one has said. */
export const messageLimit = ref(8_000)
let asked = false

export function wantMessageLimit(): void {
  if (asked) return
  asked = true
  client.getInstance().then(
    ({ limits }) => (messageLimit.value = limits.message_length),
    () => (asked = false),
  )
}
