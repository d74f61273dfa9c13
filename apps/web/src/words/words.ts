import { shallowRef } from 'vue'
import type { en } from './en.ts'
import { firstEn } from './first/en.ts'
import type { laterEn } from './later/en.ts'

/** One form for each of the language's plural categories (CLDR) that it needs; `other` always. */
export type Plural = { readonly other: string } & {
  readonly [Rule in Intl.LDMLPluralRule]?: string
}
type In<All> = { readonly [K in keyof All]: All[K] extends string ? string : Plural }
/** What the pages before signing in need: every key, as a sentence or in its plural forms. */
export type FirstWords = In<typeof firstEn>
/** What is said before anything is opened. `{name}` stands for what is filled in. */
export type Words = In<typeof en>
/** What those parts say that are loaded later: dialogs, settings, menus. */
export type LaterWords = In<typeof laterEn>
type Known = FirstWords & Partial<Words> & Partial<LaterWords>
/** What may be said at any time; `LaterKey` only by `say`, in what is loaded by `later`. */
export type Key = keyof FirstWords | keyof Words
export type LaterKey = Key | keyof LaterWords

export const locales = ['en', 'de', 'ar'] as const
export type Locale = (typeof locales)[number]

const first: { readonly [L in Locale]: () => Promise<FirstWords> } = {
  en: () => Promise.resolve(firstEn),
  de: async () => (await import('./first/de.ts')).firstDe,
  ar: async () => (await import('./first/ar.ts')).firstAr,
}
const others: { readonly [L in Locale]: () => Promise<Words> } = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
  ar: async () => (await import('./ar.ts')).ar,
}

const more: { readonly [L in Locale]: () => Promise<LaterWords> } = {
  en: async () => (await import('./later/en.ts')).laterEn,
  de: async () => (await import('./later/de.ts')).laterDe,
  ar: async () => (await import('./later/ar.ts')).laterAr,
}

const words = shallowRef<Known>(firstEn)
/** The language that is shown. */
export const locale = shallowRef<Locale>('en')
let rules = new Intl.PluralRules('en')
/** What was asked for beside the first words; either may come before the other. */
const asked = { app: false, later: false }

export type Values = Readonly<Record<string, string | number>>

/** What stands under the key, in the language that is shown. `count` chooses the plural form. */
export const t = (key: Key, values?: Values): string => spoken(key, values)

/** Behind `t`, and behind `say` for what is loaded later. */
export function spoken(key: LaterKey, values: Values = {}): string {
  const word: string | Plural = words.value[key] ?? key
  const form =
    typeof word === 'string' ? word : (word[rules.select(Number(values['count']))] ?? word.other)
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? digits(value) : value
  })
}

/** Most numbers look the same in most languages: what shows them otherwise takes long to be made. */
function digits(value: number): string {
  const same = locale.value !== 'ar' && Number.isInteger(value) && value >= 0 && value < 1_000
  return same ? String(value) : value.toLocaleString(locale.value)
}

const isLocale = (text: string): text is Locale => locales.some((one) => one === text)

const key = 'parley.locale'

/** What the person chose, or the first of the browser's languages that there is. */
export function wantedLocale(): Locale {
  const wanted = [localStorage.getItem(key) ?? '', ...navigator.languages]
  return wanted.map((tag) => tag.split('-')[0] ?? '').find(isLocale) ?? 'en'
}

async function load(next: Locale): Promise<Known> {
  const [one, two, three] = await Promise.all([
    first[next](),
    asked.app ? others[next]() : undefined,
    asked.later ? more[next]() : undefined,
  ])
  return { ...one, ...two, ...three }
}

/** Shows another language; throws, and changes nothing, when it cannot be loaded. */
export async function showLocale(next: Locale): Promise<void> {
  const before = { ...asked }
  const loaded = await load(next)
  // More was asked for meanwhile.
  if (before.app !== asked.app || before.later !== asked.later) return showLocale(next)
  words.value = loaded
  locale.value = next
  rules = new Intl.PluralRules(next)
  document.documentElement.lang = next
  document.documentElement.dir = next === 'ar' ? 'rtl' : 'ltr'
}

/** Loads what is said once one is signed in. */
export async function appWords(): Promise<void> {
  if (asked.app) return
  const language = locale.value
  const app = await others[language]()
  // Another one was chosen meanwhile.
  if (language !== locale.value) return appWords()
  words.value = { ...words.value, ...app }
  asked.app = true
}

async function takeLater(): Promise<void> {
  const language = locale.value
  const later = await more[language]()
  // Another one was chosen meanwhile.
  if (language !== locale.value) return takeLater()
  words.value = { ...words.value, ...later }
  asked.later = true
}

let loading: Promise<void> | undefined
/** Loads what is said by what is loaded later. */
export function laterWords(): Promise<void> {
  loading ??= takeLater().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}
