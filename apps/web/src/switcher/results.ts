import { type Ref, computed } from 'vue'
import { useSession } from '../auth/session.ts'
import { usePeopleSearch } from '../chats/people-search.ts'
import { recentChats } from '../chats/recent.ts'
import { useLive } from '../live/live.ts'
import { locale } from '../words/words.ts'
import { useCommands } from './commands.ts'
import { type Found, entriesOf, limited } from './entries.ts'
import { type Ranked, fold, rank } from './rank.ts'

/** As many as one would look through. */
const most = 50

/** What the typed text finds: at once among what is known here, then people whom only the server knows. */
export function useResults(query: Readonly<Ref<string>>) {
  const live = useLive()
  const session = useSession()
  const commands = useCommands()
  const recent = recentChats()
  const wanted = computed(() => limited([], query.value).text)
  const people = usePeopleSearch(wanted)

  /** While it is open, what is unread may change, but nothing moves under the finger. */
  const known = entriesOf({
    me: session.me?.id ?? 0,
    chats: live.chats,
    users: live.state?.users.values() ?? [],
    workspaceName:
      live.workspaces.length > 1 ? (id) => live.state?.workspaces.get(id)?.name : () => undefined,
    nameOf: live.userName,
    recent,
    commands: commands.value,
    compare: new Intl.Collator(locale.value, { numeric: true }).compare,
  })
  const familiar = new Set(live.state?.users.keys())
  const strangers = computed(() =>
    people.value
      .filter(({ id }) => !familiar.has(id))
      .map((user): Found => ({
        kind: 'person',
        user,
        name: user.username,
        folded: fold(user.username),
      })),
  )
  return computed((): readonly Ranked<Found>[] => {
    const { among, text } = limited([...known, ...strangers.value], query.value)
    return rank(among, text, most)
  })
}
