import { NetworkError, ParleyError } from '@parley/sdk'
import { nextTick, ref, shallowRef } from 'vue'
import { type Key, t } from '../words/words.ts'

const sentences: Readonly<Record<string, Key>> = {
  account_taken: 'auth.account_taken',
  sign_up_closed: 'auth.closed',
  rate_limited: 'auth.rate_limited',
  invite_gone: 'auth.invite_gone',
}

/** Refusals that are about one field. */
const ofField: Readonly<Record<string, readonly [name: string, sentence: Key]>> = {
  workspace_name_taken: ['workspace', 'auth.workspace_taken'],
  weak_password: ['password', 'auth.too_short'],
  long_password: ['password', 'auth.too_long'],
  common_password: ['password', 'auth.common_password'],
}

const fields: Readonly<Record<string, Key>> = {
  username: 'auth.bad_name',
  email: 'auth.bad_email',
  password: 'auth.too_short',
  workspace: 'auth.required',
}

/** What the server found wrong with the fields of the form, by their names. */
function problemsIn(error: unknown): Map<string, string> {
  if (!(error instanceof ParleyError)) return new Map()
  const one = ofField[error.code]
  if (one) return new Map([[one[0], t(one[1], { count: 256 })]])
  return new Map(
    error.errors.flatMap(({ path }) => {
      const name = path.replace(/^.*\//, '')
      const key = fields[name]
      return key ? [[name, t(key)] as const] : []
    }),
  )
}

/**
 * One submission at a time: a second click while it runs does nothing. `work` returns a sentence
 * that is to be shown as what went wrong, if it knows one.
 */
export function useSubmit(work: () => Promise<string | void>) {
  const busy = ref(false)
  const alert = ref<string>()
  const problems = shallowRef(new Map<string, string>())

  async function submit(event: Event): Promise<void> {
    const form = event.target
    if (busy.value || !(form instanceof HTMLFormElement)) return
    alert.value = undefined
    problems.value = new Map()
    // Each wrong field hears of it by an event of its own, and says what is wrong.
    if (!form.checkValidity()) return focusFirst(form, ':invalid')
    busy.value = true
    try {
      alert.value = (await work()) ?? undefined
    } catch (error) {
      problems.value = problemsIn(error)
      if (problems.value.size === 0) alert.value = sentenceOf(error)
    } finally {
      busy.value = false
    }
    await nextTick()
    if (problems.value.size > 0) focusFirst(form, '[aria-invalid=true]')
  }
  return { submit, busy, alert, problems }
}

const focusFirst = (form: HTMLFormElement, wrong: string): void =>
  form.querySelector<HTMLInputElement>(`input${wrong}`)?.focus()

export function sentenceOf(error: unknown): string {
  if (error instanceof NetworkError) return t('app.unreachable')
  const key = error instanceof ParleyError ? sentences[error.code] : undefined
  return t(key ?? 'auth.failed')
}
