import type { Me } from '@parley/contract'
import { ParleyError } from '@parley/sdk'
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { client } from '../app/client.ts'

/**
 * Whether this browser has a session, so that nobody is asked who has none. It says nothing more: the
 * session is a cookie that no script can read.
 */
const mark = {
  isSet: (): boolean => localStorage.getItem('parley.session') !== null,
  set: (): void => localStorage.setItem('parley.session', '1'),
  clear: (): void => localStorage.removeItem('parley.session'),
}

/** Who is signed in. */
export const useSession = defineStore('session', () => {
  const me = shallowRef<Me>()
  /** The server could not be asked whether somebody is. */
  const unreachable = ref(false)
  let restoring: Promise<boolean> | undefined

  async function refresh(): Promise<boolean> {
    if (!mark.isSet()) return false
    try {
      me.value = (await client.refresh({ body: {} })).user
      unreachable.value = false
    } catch (error) {
      if (error instanceof ParleyError && error.status === 401) mark.clear()
      else unreachable.value = true
    }
    return me.value !== undefined
  }

  /** Goes on with the session that the browser's cookie stands for; asks once. */
  function restore(): Promise<boolean> {
    if (me.value) return Promise.resolve(true)
    restoring ??= refresh()
    return restoring
  }

  function began(user: Me): void {
    mark.set()
    me.value = user
    restoring = undefined
  }

  async function signOut(): Promise<void> {
    mark.clear()
    me.value = undefined
    restoring = Promise.resolve(false)
    await client.signOut()
  }

  return { me, unreachable, restore, began, signOut }
})
