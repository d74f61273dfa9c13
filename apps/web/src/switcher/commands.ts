import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useDialogs } from '../app/dialogs.ts'
import { useLayout } from '../app/layout.ts'
import { useSession } from '../auth/session.ts'
import { mayInvite } from '../chats/rights.ts'
import { say as t } from '../words/say.ts'
import { useCurrentWorkspace } from '../workspaces/current.ts'

/** What the switcher can do besides going somewhere. */
export function useCommands() {
  const route = useRoute()
  const router = useRouter()
  const dialogs = useDialogs()
  const layout = useLayout()
  const { signOut } = useSession()
  const here = useCurrentWorkspace()
  const settings = (page: string) => () => void router.push({ name: 'settings', params: { page } })

  return computed(() => {
    const workspace = here.value?.id
    const inside =
      workspace === undefined
        ? []
        : [
            {
              name: t('nav.create_channel'),
              run: () => dialogs.show('createChannel', { workspace }),
            },
            { name: t('nav.new_message'), run: () => dialogs.show('newMessage', { workspace }) },
            {
              name: t('nav.browse'),
              run: () => void router.push({ name: 'browse', params: { workspace } }),
            },
            {
              name: t('nav.all_people'),
              run: () => void router.push({ name: 'people', params: { workspace } }),
            },
            {
              name: t('nav.workspace_settings'),
              run: () => dialogs.show('workspaceSettings', { workspace }),
            },
            ...(mayInvite(here.value?.role)
              ? [{ name: t('nav.invite'), run: () => dialogs.show('invite', { workspace }) }]
              : []),
          ]
    const chatId = Number(route.params['chat'] ?? 0)
    return [
      ...(chatId > 0
        ? [{ name: t('list.jump_to_date'), run: () => dialogs.show('jumpToDate', { chatId }) }]
        : []),
      ...inside,
      { name: t('nav.start_workspace'), run: () => dialogs.show('startWorkspace', {}) },
      { name: t('settings.title'), run: settings('account') },
      { name: t('settings.appearance'), run: settings('appearance') },
      { name: t('nav.shortcuts'), run: () => dialogs.show('shortcuts', {}) },
      {
        name: t('nav.key_hide_sidebar'),
        run: () => (layout.sideHidden = !layout.sideHidden),
      },
      { name: t('auth.sign_out'), run: () => void signOut() },
    ]
  })
}
