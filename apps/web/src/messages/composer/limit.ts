import { ref } from 'vue'
import { client } from '../../app/client.ts'

/** Most characters of a message; as many as servers take by default until this one has said. */
export const messageLimit = ref(8_000)
let asked = false
/** No text that is shorter is anywhere near the limit. */
const nearMost = 500

/** Asks the server for its limit, once a text is long enough to matter. */
export function wantMessageLimit(text: string): void {
  if (asked || text.length < nearMost) return
  asked = true
  client.getInstance().then(
    ({ limits }) => (messageLimit.value = limits.message_length),
    () => (asked = false),
  )
}
