import type { Chat } from '@parley/contract'

/** How often one was mentioned in each workspace's channels, and not read it. */
export function mentionsIn(
  chats: Iterable<Pick<Chat, 'workspace_id' | 'mention_count'>>,
): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { workspace_id, mention_count } of chats) {
    if (workspace_id === null || mention_count === 0) continue
    counts.set(workspace_id, (counts.get(workspace_id) ?? 0) + mention_count)
  }
  return counts
}
