import type { Message } from '@parley/contract'
import { useRouter } from 'vue-router'
import { useLive } from '../../live/live.ts'
import { useToast } from '../../ui/toast.ts'
import { t } from '../../words/words.ts'
import { useEditing } from '../composer/editing.ts'
import { mayDelete, mayEdit } from './may.ts'

export interface MessageAction {
  readonly name: 'edit' | 'unread' | 'link' | 'delete'
  readonly label: string
  /** `sure` where nobody is to be asked again. */
  act(sure: boolean): void
}

interface Options {
  workspace(): number
  markUnread(message: Message): void
  remove(message: Message, sure: boolean): void
}

/** What one may do with a message, in the order in which it is offered. */
export function useActions({ workspace, markUnread, remove }: Options) {
  const live = useLive()
  const router = useRouter()
  const editing = useEditing()
  const toast = useToast()

  async function copyLink({ id, chat_id }: Message): Promise<void> {
    const params = { workspace: workspace(), chat: chat_id, message: id }
    const { href } = router.resolve({ name: 'message', params })
    try {
      await navigator.clipboard.writeText(new URL(href, location.origin).href)
      toast.show(t('list.link_copied'))
    } catch {
      toast.show(t('list.not_copied'))
    }
  }

  return (message: Message): MessageAction[] => {
    const chat = live.chat(message.chat_id)
    const me = live.state?.me.id
    if (!chat || me === undefined) return []
    const actions: MessageAction[] = []
    if (mayEdit(message, me, chat))
      actions.push({
        name: 'edit',
        label: t('list.edit'),
        act: () => editing.begin(message),
      })
    if (chat.role !== null)
      actions.push({
        name: 'unread',
        label: t('list.mark_unread'),
        act: () => markUnread(message),
      })
    actions.push({
      name: 'link',
      label: t('list.copy_link'),
      act: () => void copyLink(message),
    })
    if (mayDelete(message, me, chat, live.state?.workspaces.get(chat.workspace_id ?? 0)))
      actions.push({
        name: 'delete',
        label: t('list.delete'),
        act: (sure) => remove(message, sure),
      })
    return actions
  }
}
