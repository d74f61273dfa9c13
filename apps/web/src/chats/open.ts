import type { Chat } from '@parley/contract'
import { useRouter } from 'vue-router'
import { client } from '../app/client.ts'
import { settled } from '../app/settle.ts'
import { useSession } from '../auth/session.ts'
import { useLive } from '../live/live.ts'
import { useCurrentWorkspace } from '../workspaces/current.ts'
import { singleWith } from './chat-name.ts'

/** Ways to a chat: one that was just made or joined, or the single chat with somebody. */
export function useOpenChat() {
  const live = useLive()
  const router = useRouter()
  const session = useSession()
  const here = useCurrentWorkspace()

  const placeOf = ({ id, workspace_id }: Pick<Chat, 'id' | 'workspace_id'>) => ({
    name: 'chat',
    params: { workspace: workspace_id ?? here.value?.id ?? 0, chat: id },
  })

  async function open(chat: Chat, replace = false): Promise<void> {
    // The page asks for it where the event takes longer.
    await settled(() => live.state?.chats.has(chat.id) === true, 300)
    await (replace ? router.replace(placeOf(chat)) : router.push(placeOf(chat)))
  }
  /** The one there is, or a new one. */
  async function single(userId: number): Promise<Chat> {
    const known = singleWith(live.state?.chats.values() ?? [], session.me?.id ?? 0, userId)
    return known ?? client.createChat({ body: { type: 'single', user_id: userId } })
  }
  return { open, single, placeOf }
}
