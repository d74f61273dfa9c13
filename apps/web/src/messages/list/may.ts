import type { Chat, Message, Role, Workspace } from '@parley/contract'

const moderates = (role: Role | null | undefined): boolean => role === 'owner' || role === 'admin'

/** Whether somebody may delete a message: their own, or in channels and groups as a moderator of it or of its workspace. */
export function mayDelete(
  { sender_id }: Message,
  me: number,
  chat: Chat,
  workspace: Workspace | undefined,
): boolean {
  if (chat.role !== null && sender_id === me) return true
  return chat.type !== 'single' && (moderates(chat.role) || moderates(workspace?.role))
}

export const mayEdit = ({ sender_id }: Message, me: number, { role }: Chat): boolean =>
  role !== null && sender_id === me
