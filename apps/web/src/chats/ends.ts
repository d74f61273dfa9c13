import type { Ref } from 'vue'
import { useRouter } from 'vue-router'
import { client } from '../app/client.ts'
import { useDialogs } from '../app/dialogs.ts'
import { say as t } from '../words/say.ts'
import { useCurrentWorkspace } from '../workspaces/current.ts'
import { generalOf } from '../workspaces/general.ts'
import { useLive } from '../live/live.ts'

/** Leaving a chat, and deleting it: each is asked about once, and leads to #general. */
export function useEnds(chatId: number, name: Readonly<Ref<string>>) {
  const dialogs = useDialogs()
  const router = useRouter()
  const live = useLive()
  const here = useCurrentWorkspace()

  async function goHome(): Promise<void> {
    const workspace = here.value?.id
    if (workspace === undefined) return
    const general = generalOf(live.chats, workspace)
    await router.replace(
      general && general.id !== chatId
        ? { name: 'chat', params: { workspace, chat: general.id } }
        : { name: 'browse', params: { workspace } },
    )
  }
  function ask(action: string, title: string, text: string, act: () => Promise<unknown>): void {
    dialogs.show('confirm', {
      title,
      text,
      action,
      act: async () => {
        // First, so that nothing is seen to be missing meanwhile.
        await goHome()
        await act()
      },
    })
  }
  return {
    leave: () =>
      ask(t('nav.leave'), t('nav.leave_title', { name: name.value }), t('nav.leave_text'), () =>
        client.leaveChat({ params: { id: chatId } }),
      ),
    destroy: () =>
      ask(t('nav.delete'), t('nav.delete_title', { name: name.value }), t('nav.delete_text'), () =>
        client.deleteChat({ params: { id: chatId } }),
      ),
  }
}
