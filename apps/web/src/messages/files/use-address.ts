import { onMounted, ref, shallowRef, watch } from 'vue'
import { useLive } from '../../live/live.ts'
import { addressOf } from './addresses.ts'

/** The address of a file on the page; one that does not do is asked for again, once. */
export function useAddress(id: () => number, rendition: () => string) {
  const live = useLive()
  const address = shallowRef<string>()
  const broken = ref(false)
  let tries = 0

  async function ask(again: boolean): Promise<void> {
    if (id() === 0) return
    const [asked, wanted] = [id(), rendition()]
    try {
      const found = await addressOf(asked, wanted, again)
      if (asked !== id() || wanted !== rendition()) return
      broken.value = found === undefined
      address.value = found
    } catch {
      // Nothing got through: the connection brings it.
    }
  }
  function begin(again: boolean): void {
    tries = 0
    address.value = undefined
    broken.value = false
    void ask(again)
  }
  onMounted(() => void ask(false))
  watch([id, rendition], () => begin(false))
  watch(
    () => live.connection.state,
    (state) => {
      if (state === 'live' && (address.value === undefined || broken.value)) begin(true)
    },
  )
  return {
    address,
    /** It is there for nobody, or no picture. */
    broken,
    async failed(): Promise<void> {
      const before = address.value
      if (++tries > 1) return void (broken.value = true)
      await ask(true)
      // The same one again would do as little.
      if (address.value === before) broken.value = true
    },
  }
}
