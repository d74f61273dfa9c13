import { say as t } from '../words/say.ts'

/** Public or private, each explained in one line. */
export const typeChoices = () =>
  [
    { value: 'public_channel', text: t('nav.public'), hint: t('nav.public_hint') },
    { value: 'private_channel', text: t('nav.private'), hint: t('nav.private_hint') },
  ] as const

export const notificationChoices = () =>
  [
    { value: 'all', text: t('nav.notify_all') },
    { value: 'mentions', text: t('nav.notify_mentions') },
    { value: 'none', text: t('nav.notify_none') },
  ] as const

export const historyChoices = () =>
  [
    { value: 'all', text: t('nav.history_all') },
    { value: 'since_join', text: t('nav.history_since_join') },
  ] as const
