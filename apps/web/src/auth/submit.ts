import { NetworkError, ParleyError } from '@parley/sdk'
import { ref, shallowRef } from 'vue'
import { type Key, t } from '../words/words.ts'

const sentences: Readonly<Record<string, Key>> = {
  account_taken: 'auth.account_taken',
  workspace_name_taken: 'auth.workspace_taken',
  weak_password: 'auth.weak_password',
  sign_up_closed: 'auth.closed',
  rate_limited: 'auth.rate_limited',
}

const fields: Readonly<Record<string, Key>> = {
  username: 'auth.bad_name',
  email: 'auth.bad_email',
  password: 'auth.too_short',
  workspace: 'auth.required',
}

/** What the server found wrong with the fields of the form, by their names. */
const problemsIn = (error: unknown): Map<string, string> =>
  new Map(
    error instanceof ParleyError
      ? error.errors.flatMap(({ path }) => {
          const name = path.replace(/^.*\//, '')
          const key = fields[name]
          return key ? [[name, t(key)] as const] : []
        })
      : [],
  )

/**
 * One submission at a time: a second click while it runs does nothing. `work` returns a sentence
 * that is to be shown as what went wrong, if it knows one.
 */
export function useSubmit(work: () => Promise<string | void>) {
  const busy = ref(false)
  const alert = ref<string>()
  const problems = shallowRef(new Map<string, string>())

  async function submit(event: Event): Promise<void> {
    if (busy.value) return
    const form = event.target
    if (form instanceof HTMLFormElement && !form.checkValidity()) {
      const first = form.querySelector<HTMLElement>(':invalid')
      for (const one of form.querySelectorAll(':invalid')) one.dispatchEvent(new Event('blur'))
      first?.focus()
      return
    }
    busy.value = true
    alert.value = undefined
    problems.value = new Map()
    try {
      alert.value = (await work()) ?? undefined
    } catch (error) {
      problems.value = problemsIn(error)
      if (problems.value.size === 0) alert.value = sentenceOf(error)
    } finally {
      busy.value = false
    }
  }
  return { submit, busy, alert, problems }
}

function sentenceOf(error: unknown): string {
  if (error instanceof NetworkError) return t('app.unreachable')
  const key = error instanceof ParleyError ? sentences[error.code] : undefined
  return t(key ?? 'auth.failed')
}
