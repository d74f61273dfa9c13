import type { AuditEntry, User } from '@parley/contract'
import { say as t } from '../words/say.ts'
import { locale } from '../words/words.ts'
import { aboutWhom, sentenceFor } from './audit-sentence.ts'
import { isolated } from './isolated.ts'

/** What those are called whom the entries name by their ids. */
export interface Names {
  readonly users: ReadonlyMap<number, string>
  readonly workspaces: ReadonlyMap<number, string>
}

interface Answer {
  users: readonly User[]
  workspaces?: readonly { id: number; name: string }[]
}
export const withNames = (
  { users, workspaces }: Names,
  { users: people, workspaces: places = [] }: Answer,
): Names => ({
  users: new Map([...users, ...people.map(({ id, username }) => [id, username] as const)]),
  workspaces: new Map([...workspaces, ...places.map(({ id, name }) => [id, name] as const)]),
})

const nameIn = (names: ReadonlyMap<number, string>, id: number): string =>
  isolated(names.get(id) ?? `#${id}`)

function roleText(role: string | undefined): string {
  if (role === 'owner' || role === 'admin') return t(`nav.role_${role}`)
  return role === 'member' ? t('audit.role_member') : (role ?? '')
}

/** An entry in a sentence; by its action where there is none. */
export function entryText(entry: AuditEntry, names: Names): string {
  const key = sentenceFor(entry.action)
  if (key === undefined) return entry.action
  const { workspace_id, detail } = entry
  const people = aboutWhom(entry).map((id) => nameIn(names.users, id))
  return t(key, {
    target:
      people.length === 0 ? t('audit.somebody') : new Intl.ListFormat(locale.value).format(people),
    workspace: workspace_id === null ? '' : nameIn(names.workspaces, workspace_id),
    place:
      workspace_id === null ? t('audit.whole_instance') : nameIn(names.workspaces, workspace_id),
    role: roleText(detail.role),
    policy: detail.signup ? t(`admin.sign_up_${detail.signup}`) : t('audit.as_settings_say'),
  })
}

/** Who did it. */
export function actorText({ actor_id, detail }: AuditEntry, { users }: Names): string {
  if (actor_id !== null) return t('audit.by', { name: nameIn(users, actor_id) })
  return t(detail.at_terminal === true ? 'audit.at_terminal' : 'audit.nobody')
}
