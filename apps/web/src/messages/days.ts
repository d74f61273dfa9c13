import { shallowRef } from 'vue'
import { locale, t } from '../words/words.ts'

const pad = (number: number): string => String(number).padStart(2, '0')
const nameOf = (date: Date): string =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`

const known = new Map<string, string>()

/** The day, `2026-11-26`, that it was for the reader at that time. */
export function dayOf(at: string): string {
  // Within a quarter of an hour no zone has a midnight but at its start.
  const quarter = at.slice(0, 14) + String(Math.floor(Number(at.slice(14, 16)) / 15))
  const day = known.get(quarter) ?? nameOf(new Date(at))
  known.set(quarter, day)
  return day
}

const now = (): Date => new Date()
/** The reader's day, as `dayOf` names it. */
const today = shallowRef(nameOf(now()))

let timer: ReturnType<typeof setTimeout> | undefined
/** Goes on at local midnight, and when the page is looked at again after a sleep. */
export function followDays(): () => void {
  const next = () => {
    const date = now()
    today.value = nameOf(date)
    clearTimeout(timer)
    const midnight = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1)
    timer = setTimeout(next, midnight.getTime() - date.getTime() + 50)
  }
  next()
  document.addEventListener('visibilitychange', next)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', next)
  }
}

/** Noon, so that no change of the clocks moves it to another day. */
const dateOf = (day: string): Date => new Date(`${day}T12:00:00`)

function dayBefore(day: string): string {
  const date = dateOf(day)
  date.setDate(date.getDate() - 1)
  return nameOf(date)
}

/** What a day is called: today, yesterday, or its date. */
export function dayLabel(day: string): string {
  if (day === today.value) return t('list.today')
  if (day === dayBefore(today.value)) return t('list.yesterday')
  const sameYear = day.slice(0, 4) === today.value.slice(0, 4)
  const year = sameYear ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(reader(), {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...year,
  }).format(dateOf(day))
}

/** The language that is shown, as it is written where the reader is. */
const reader = (): string =>
  navigator.languages.find((tag) => tag.split('-')[0] === locale.value) ?? locale.value

const formats = new Map<string, Intl.DateTimeFormat>()
function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.value} ${name}`
  const made = formats.get(key) ?? new Intl.DateTimeFormat(reader(), options)
  formats.set(key, made)
  return made
}

export const clock = (at: string): string =>
  format('clock', { timeStyle: 'short' }).format(new Date(at))

export const dateAndClock = (at: string): string =>
  format('both', { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at))
