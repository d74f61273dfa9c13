import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useMedia } from '../ui/media.ts'
import { asBoolean, asNumber, stored } from '../ui/stored.ts'
import { goUp } from './back.ts'

export const sideLeast = 200
export const sideMost = 400

/** How the columns stand: what this browser remembers of them, and what its width allows. */
export const useLayout = defineStore('layout', () => {
  const route = useRoute()
  const router = useRouter()
  /** Below, one column at a time: list, chat, panel, each with its own address. */
  const oneColumn = useMedia('(max-width: 767px)')
  /** From here on there is always room for the panel. */
  const fourColumns = useMedia('(min-width: 1440px)')
  const sideWidth = stored('parley.side_width', 264, asNumber(sideLeast, sideMost))
  const sideHidden = stored('parley.side_hidden', false, asBoolean)
  const membersDocked = stored('parley.members_docked', true, asBoolean)

  const asked = computed(() => route.query['panel'] === 'members')
  const membersShown = computed(() => asked.value || (fourColumns.value && membersDocked.value))

  async function showMembers(): Promise<void> {
    if (fourColumns.value) membersDocked.value = true
    else await router.push({ ...place(), query: { ...route.query, panel: 'members' } })
  }
  async function hideMembers(): Promise<void> {
    if (fourColumns.value) membersDocked.value = false
    if (!asked.value) return
    const { panel: _, ...query } = route.query
    await goUp(router, { ...place(), query })
  }
  const place = () => ({ path: route.path, hash: route.hash })

  return {
    oneColumn,
    sideWidth,
    sideHidden,
    membersShown,
    showMembers,
    hideMembers,
    toggleMembers: () => (membersShown.value ? hideMembers() : showMembers()),
  }
})
