import { onBeforeUnmount, onMounted, ref } from 'vue'
import { useRouter } from 'vue-router'
import { useSidebar } from '../chats/sidebar.ts'
import { useSwitcher } from '../switcher/switcher.ts'
import { type Key, t } from '../words/words.ts'
import { useDialogs } from './dialogs.ts'
import { useLayout } from './layout.ts'
import { type Region, cycleRegion } from './regions.ts'
import { type Action, actionOf } from './shortcuts.ts'

const names: Readonly<Record<Region, Key>> = {
  channels: 'nav.channels',
  messages: 'nav.region_messages',
  composer: 'nav.region_composer',
  panel: 'nav.members',
}

/** The shortcuts of the whole page. Gives back what is to be said to who listens. */
export function useShortcuts() {
  const router = useRouter()
  const sidebar = useSidebar()
  const switcher = useSwitcher()
  const layout = useLayout()
  const dialogs = useDialogs()
  const said = ref('')

  function go(step: 1 | -1, unread: boolean): void {
    const chat = sidebar.next(step, unread)
    const workspace = sidebar.workspace?.id
    if (chat !== undefined && workspace !== undefined)
      void router.push({ name: 'chat', params: { workspace, chat } })
  }
  function cycle(step: 1 | -1): void {
    const region = cycleRegion(step)
    said.value = region === undefined ? '' : t(names[region])
  }
  const does: Readonly<Record<Action, () => void>> = {
    switcher: () => (switcher.open = !switcher.open),
    previous: () => go(-1, false),
    next: () => go(1, false),
    previous_unread: () => go(-1, true),
    next_unread: () => go(1, true),
    region_next: () => cycle(1),
    region_previous: () => cycle(-1),
    hide_sidebar: () => (layout.sideHidden = !layout.sideHidden),
    shortcuts: () => dialogs.show('shortcuts', {}),
  }

  function onKey(event: KeyboardEvent): void {
    const action = actionOf(event)
    if (action === undefined) return
    // What lies under a dialog is out of reach, but for the switcher, which opens anywhere.
    if (action !== 'switcher' && document.querySelector('dialog[open]')) return
    event.preventDefault()
    event.stopPropagation()
    does[action]()
  }
  // Before what has the focus: in the composer, arrows have a meaning of their own.
  onMounted(() => addEventListener('keydown', onKey, true))
  onBeforeUnmount(() => removeEventListener('keydown', onKey, true))
  return { said }
}
