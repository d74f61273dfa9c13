import { beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => vi.resetModules())

test('what is said later may be asked for first: the app’s own words come all the same', async () => {
  const { appWords, laterWords, spoken, t } = await import('./words.ts')
  expect(t('nav.invite')).toBe('nav.invite')
  await laterWords()
  expect(spoken('outbox.try_again')).toBe('Try again')
  await appWords()
  expect(t('nav.invite')).not.toBe('nav.invite')
  expect(spoken('outbox.try_again')).toBe('Try again')
})

test('both may be asked for at once', async () => {
  const { appWords, laterWords, spoken, t } = await import('./words.ts')
  await Promise.all([laterWords(), appWords()])
  expect([t('nav.invite'), spoken('outbox.try_again')]).toEqual(['Invite people', 'Try again'])
})

test('a language that is chosen while more words are on their way has those too', async () => {
  vi.stubGlobal('document', { documentElement: {} })
  const { appWords, laterWords, showLocale, spoken, t } = await import('./words.ts')
  await Promise.all([laterWords(), appWords(), showLocale('de')])
  expect([t('nav.invite'), spoken('outbox.try_again')]).toEqual(['Leute einladen', 'Noch einmal'])
  vi.unstubAllGlobals()
})
