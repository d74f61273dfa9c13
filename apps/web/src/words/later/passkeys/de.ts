import type { LaterWords } from '../../words.ts'
import type { passkeysEn } from './en.ts'

export const passkeysDe = {
  'passkey.title': 'Passkeys',
  'passkey.hint':
    'Melde dich mit Fingerabdruck, Gesicht oder der PIN deines Geräts an, ohne Passwort und ohne Code.',
  'passkey.name': 'Name des Passkeys',
  'passkey.add': 'Passkey hinzufügen',
  'passkey.added': 'Passkey hinzugefügt.',
  'passkey.synced': 'Synchronisiert',
  'passkey.never_used': 'Noch nicht benutzt',
  'passkey.rename': 'Umbenennen',
  'passkey.rename_one': '{name} umbenennen',
  'passkey.remove': 'Entfernen',
  'passkey.remove_one': '{name} entfernen',
  'passkey.remove_ask': '{name} entfernen?',
  'passkey.remove_text':
    'Niemand meldet sich mehr damit an. Dein Gerät bietet ihn vielleicht weiter an, bis du ihn auch dort löschst.',
  'passkey.removed': 'Passkey entfernt.',
  'passkey.use': 'Passkey benutzen',
  'passkey.not_used': 'Es wurde kein Passkey benutzt.',
  'passkey.refused': 'Dieser Passkey gilt hier nicht.',
  'passkey.expired': 'Das hat zu lange gedauert. Beginne noch einmal mit dem Passwort.',
  'passkey.there_is_one': 'Auf diesem Gerät ist schon ein Passkey von dir.',
  'passkey.no_passkey': 'Dein Konto hat keinen Passkey.',
  'passkey.no_passkeys': 'An dieser Adresse gibt es keine Passkeys.',
  'passkey.too_many': 'Mehr gehen nicht. Entferne einen, den du nicht brauchst.',
} satisfies Pick<LaterWords, keyof typeof passkeysEn>
