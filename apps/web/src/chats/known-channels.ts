import type { Chat } from '@parley/contract'
import { client } from '../app/client.ts'

/** All channels of a workspace that one may join, or is in already. */
export async function publicChannels(workspace: number, signal?: AbortSignal): Promise<Chat[]> {
  const found: Chat[] = []
  for (;;) {
    const after = found.at(-1)?.id
    const query = {
      workspace_id: workspace,
      public: true,
      limit: 100,
      ...(after === undefined ? {} : { after }),
    }
    const page = await client.listChats({ query }, { signal })
    found.push(...page.chats)
    if (!page.has_more || page.chats.length === 0) return found
  }
}
