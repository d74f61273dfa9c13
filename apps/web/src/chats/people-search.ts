import type { User } from '@parley/contract'
import { type Ref, onScopeDispose, shallowRef, watch } from 'vue'
import { client } from '../app/client.ts'

/** How long to wait for the next key before asking, in milliseconds. */
const pauseMs = 120

/** People one may write to whose name has what was typed; the last answer stays until the next. */
export function usePeopleSearch(query: Readonly<Ref<string>>) {
  const people = shallowRef<readonly User[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined

  async function ask(): Promise<void> {
    asking?.abort()
    const { signal } = (asking = new AbortController())
    const text = query.value.trim().replace(/^@/, '').slice(0, 64)
    try {
      const input = { query: { limit: 20, ...(text === '' ? {} : { query: text }) } }
      const found = await client.listUsers(input, { signal })
      if (!signal.aborted) people.value = found.users
    } catch {
      // The next key asks again.
    }
  }
  watch(
    query,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), pauseMs)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    asking?.abort()
  })
  return people
}
