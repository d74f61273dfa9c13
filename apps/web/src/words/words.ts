import { shallowRef } from 'vue'
import { en } from './en.ts'

/** One form for each of the language's plural categories (CLDR) that it needs; `other` always. */
export type Plural = { readonly other: string } & {
  readonly [Rule in Intl.LDMLPluralRule]?: string
}
export type Key = keyof typeof en
/** A language: every key, as a sentence or in its plural forms. `{name}` stands for what is filled in. */
export type Words = { readonly [K in Key]: (typeof en)[K] extends string ? string : Plural }

export const locales = ['en', 'de', 'ar'] as const
export type Locale = (typeof locales)[number]

const loaders: { readonly [L in Locale]: () => Promise<Words> } = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de.ts')).de,
  ar: async () => (await import('./ar.ts')).ar,
}

const words = shallowRef<Words>(en)
/** The language that is shown. */
export const locale = shallowRef<Locale>('en')
let rules = new Intl.PluralRules('en')

type Values = Readonly<Record<string, string | number>>

/** What stands under the key, in the language that is shown. `count` chooses the plural form. */
export function t(key: Key, values: Values = {}): string {
  const word: string | Plural = words.value[key]
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

/** Shows another language; throws, and changes nothing, when it cannot be loaded. */
export async function showLocale(next: Locale): Promise<void> {
  words.value = await loaders[next]()
  locale.value = next
  rules = new Intl.PluralRules(next)
  document.documentElement.lang = next
  document.documentElement.dir = next === 'ar' ? 'rtl' : 'ltr'
}
