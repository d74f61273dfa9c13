import { shallowRef } from 'vue'
import type { en } from './en.ts'
import { firstEn } from './first/en.ts'

/** One form for each of the language's plural categories (CLDR) that it needs; `other` always. */
export type Plural = { readonly other: string } & {
  readonly [Rule in Intl.LDMLPluralRule]?: string
}
type In<All> = { readonly [K in keyof All]: All[K] extends string ? string : Plural }
/** What the pages before signing in need: every key, as a sentence or in its plural forms. */
export type FirstWords = In<typeof firstEn>
/** All others. `{name}` stands for what is filled in. */
export type Words = In<typeof en>
type Known = FirstWords & Partial<Words>
export type Key = keyof FirstWords | keyof Words

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

const words = shallowRef<Known>(firstEn)
/** The language that is shown. */
export const locale = shallowRef<Locale>('en')
let rules = new Intl.PluralRules('en')
let all = false

type Values = Readonly<Record<string, string | number>>

/** What stands under the key, in the language that is shown. `count` chooses the plural form. */
export function t(key: Key, values: Values = {}): string {
  const word: string | Plural = words.value[key] ?? key
  const form =
    typeof word === 'string' ? word : (word[rules.select(Number(values['count']))] ?? word.other)
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? value.toLocaleString(locale.value) : value
  })
}

const isLocale = (text: string): text is Locale => locales.some((one) => one === text)

const key = 'parley.locale'

/** What the person chose, or the first of the browser's languages that there is. */
export function wantedLocale(): Locale {
  const wanted = [localStorage.getItem(key) ?? '', ...navigator.languages]
  return wanted.map((tag) => tag.split('-')[0] ?? '').find(isLocale) ?? 'en'
}

async function load(next: Locale): Promise<Known> {
  const [one, more] = await Promise.all([first[next](), all ? others[next]() : undefined])
  return { ...one, ...more }
}

/** Shows another language; throws, and changes nothing, when it cannot be loaded. */
export async function showLocale(next: Locale): Promise<void> {
  words.value = await load(next)
  locale.value = next
  rules = new Intl.PluralRules(next)
  document.documentElement.lang = next
  document.documentElement.dir = next === 'ar' ? 'rtl' : 'ltr'
}

/** Loads what is said once one is signed in. */
export async function allWords(): Promise<void> {
  if (all) return
  words.value = { ...words.value, ...(await others[locale.value]()) }
  all = true
}
