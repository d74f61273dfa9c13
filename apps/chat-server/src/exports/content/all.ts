import { account, audit, sessions } from './account.ts'
import { files } from './files.ts'
import { messages } from './messages.ts'
import type { Part } from './part.ts'
import { chats, invites, mentions, workspaces } from './places.ts'

/** All that there is of a person, in the order in which it stands in the archive. */
export const parts: readonly Part[] = [
  account,
  sessions,
  workspaces,
  invites,
  chats,
  messages,
  mentions,
  files,
  audit,
]

/** Tables with something of people that is left out, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  event_log: 'repeats for a few days what the messages and memberships say',
  event_tickets: 'lets in for half a minute, and says nothing that the session does not',
  file_uploads: 'is what a client said of a file that is on its way; the file has its name',
  mail_queue: 'is a letter on its way, gone within the hour, which only its sender can open',
  passkey_challenges: 'is a question to a browser, for two minutes',
  password_resets: 'lets in for half an hour; that it was asked for is in the audit log',
  pending_sign_ins: 'is a sign-in under way, for five minutes',
  setup_tokens: 'lets somebody become the administrator, and belongs to nobody until then',
  sign_in_failures: 'counts under a keyed hash that leads to nobody',
  signing_keys: 'is the installation’s',
  throttles: 'counts under a keyed hash that leads to nobody',
}
