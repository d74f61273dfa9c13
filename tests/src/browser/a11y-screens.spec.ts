import { isAccessible } from './a11y-checks.ts'
import { dialogs } from './a11y-layers.ts'
import { places } from './a11y-places.ts'
import { menus, popups } from './a11y-popups.ts'
import { type State, openBusy, walk } from './a11y-states.ts'
import { type World, test } from './a11y-world.ts'
import { expect } from './fixtures.ts'

// Each walks through many states.
test.describe.configure({ timeout: 120_000 })

const look = (world: World) => async (state: State) => {
  const part = state.part(world.page)
  if (state.tree !== undefined) await expect.soft(part).toMatchAriaSnapshot(state.tree)
  await isAccessible(world.page, state.name)
}

test(
  'every place says what it is, and breaks no rule',
  { tag: '@slow' },
  async ({ world, tolerate }) => {
    tolerate(/404/)
    await walk(world, places, look(world))
  },
)

test('every dialog says what it is, and breaks no rule', { tag: '@slow' }, async ({ world }) => {
  await openBusy(world)
  await walk(world, dialogs, look(world))
})

test(
  'every menu and list says what it is, and breaks no rule',
  { tag: '@slow' },
  async ({ world }) => {
    await openBusy(world)
    await walk(world, [...menus, ...popups], look(world))
  },
)
