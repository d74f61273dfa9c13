import type { Chat } from '@parley/contract'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useRoute } from 'vue-router'
import { useSession } from '../auth/session.ts'
import { useLive } from '../live/live.ts'
import { asBoolean, stored } from '../ui/stored.ts'
import { locale } from '../words/words.ts'
import { useCurrentWorkspace } from '../workspaces/current.ts'
import { rowState } from './row-state.ts'
import { neighbour, sectionsOf, stillShown } from './sections.ts'

export type Section = 'channels' | 'direct'

/** The rows of the sidebar, as they stand: also where Alt and the arrow keys go. */
export const useSidebar = defineStore('sidebar', () => {
  const live = useLive()
  const session = useSession()
  const route = useRoute()
  const workspace = useCurrentWorkspace()
  const collapsed = {
    channels: stored('parley.collapsed.channels', false, asBoolean),
    direct: stored('parley.collapsed.direct', false, asBoolean),
  }

  const chatOf = (id: number): Chat | undefined => live.state?.chats.get(id)
  const collator = computed(() => new Intl.Collator(locale.value, { numeric: true }))
  const all = computed<ReturnType<typeof sectionsOf>>((before) =>
    sectionsOf(
      live.state?.chats.values() ?? [],
      workspace.value?.id ?? 0,
      { me: session.me?.id ?? 0, nameOf: live.userName, compare: collator.value.compare },
      before,
    ),
  )
  const current = computed(() => Number(route.params['chat'] ?? 0))
  const shown = (section: Section) =>
    computed(() => {
      const rows = all.value.sorted[section]
      return collapsed[section].value ? stillShown(rows, current.value, chatOf) : rows
    })
  const channels = shown('channels')
  const direct = shown('direct')

  const isUnread = (id: number): boolean => {
    const chat = chatOf(id)
    return chat !== undefined && rowState(chat).shows !== 'nothing'
  }
  const next = (step: 1 | -1, unread: boolean): number | undefined =>
    neighbour(
      [...channels.value, ...direct.value],
      current.value,
      step,
      unread ? isUnread : () => true,
    )

  return {
    workspace,
    channels,
    direct,
    current,
    next,
    isCollapsed: (section: Section): boolean => collapsed[section].value,
    toggle(section: Section): void {
      collapsed[section].value = !collapsed[section].value
    },
  }
})
