import { type Ref, watch } from 'vue'
import { stored } from '../ui/stored.ts'
import { type Locale, showLocale, wantedLocale } from '../words/words.ts'

export const themes = ['system', 'light', 'dark'] as const
export const densities = ['cosy', 'compact'] as const
export const textSizes = [14, 15, 16, 17, 18, 19, 20] as const

const oneOf =
  <T extends string>(values: readonly T[]) =>
  (text: string): T | undefined =>
    values.find((value) => value === text)

/** How Parley looks in this browser. The page's first script sets it before anything is drawn. */
export const preferences = {
  theme: stored<(typeof themes)[number]>('parley.theme', 'system', oneOf(themes)),
  density: stored<(typeof densities)[number]>('parley.density', 'cosy', oneOf(densities)),
  textSize: stored<number>('parley.text_size', 15, (text) =>
    textSizes.find((size) => String(size) === text),
  ),
}

const dark =
  typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)')

function show(): void {
  const { theme, density, textSize } = preferences
  const root = document.documentElement
  const chosen = theme.value === 'system' ? (dark?.matches ? 'dark' : 'light') : theme.value
  root.dataset['theme'] = chosen
  root.dataset['density'] = density.value
  root.dataset['text'] = String(textSize.value)
  const colour = getComputedStyle(root).getPropertyValue('--bg').trim()
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', colour)
}

/** Chooses a language for this browser; throws when it cannot be loaded. */
export async function chooseLocale(next: Locale): Promise<void> {
  await showLocale(next)
  localStorage.setItem('parley.locale', next)
}

/** Takes over what another tab stored. */
function follow<T extends string | number>(
  value: Ref<T>,
  text: string | null,
  otherwise: T,
  allowed: readonly T[],
): void {
  value.value = allowed.find((one) => String(one) === text) ?? otherwise
}

function onStorage({ key, newValue }: StorageEvent): void {
  const { theme, density, textSize } = preferences
  if (key === 'parley.theme') follow(theme, newValue, 'system', themes)
  if (key === 'parley.density') follow(density, newValue, 'cosy', densities)
  if (key === 'parley.text_size') follow(textSize, newValue, 15, textSizes)
  if (key === 'parley.locale') void showLocale(wantedLocale()).catch(() => undefined)
}

/** Shows them, and keeps showing them: also when the system or another tab changes. */
export function showPreferences(): void {
  const { theme, density, textSize } = preferences
  watch([theme, density, textSize], show, { immediate: true })
  dark?.addEventListener('change', show)
  addEventListener('storage', onStorage)
}
