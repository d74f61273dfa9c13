import type { LaterWords } from '../../words.ts'
import type { securityEn } from './en.ts'

export const securityDe = {
  'settings.security': 'Sicherheit',
  'security.password': 'Passwort',
  'security.new_password': 'Neues Passwort',
  'security.password_ends': 'Überall sonst wirst du abgemeldet.',
  'security.change_password': 'Passwort ändern',
  'security.password_changed': 'Dein Passwort ist geändert. Alle anderen Geräte sind abgemeldet.',
  'security.devices': 'Wo du angemeldet bist',
  'security.devices_hint': 'Melde ab, was du nicht kennst, und ändere dein Passwort.',
  'security.device': '{program} auf {system}',
  'security.unknown_device': 'Unbekanntes Gerät',
  'security.this_device': 'Dieses Gerät',
  'security.last_used': 'Zuletzt benutzt: {time}',
  'security.end_device': '{name} abmelden',
  'security.end_others': 'Überall sonst abmelden',
  'security.ended': 'Dort abgemeldet.',
  'security.export': 'Nimm deine Daten mit',
  'security.export_hint':
    'Eine Zip-Datei mit allem, was du hier geschrieben, geschickt und eingestellt hast und was über dich bekannt ist. Einmal am Tag.',
  'security.export_ask': 'Daten anfordern',
  'security.export_ready': 'Du kannst sie hier bis {time} herunterladen.',
  'security.export_elsewhere':
    'Du hast sie dort angefordert, wo du gerade angemeldet warst. Wieder möglich ist es ab {time}.',
  'security.export_download': 'Herunterladen',
  'security.confirm': 'Bestätige, dass du es bist',
  'security.confirm_text': 'Diese Änderung braucht dein Passwort.',
  'security.confirm_do': 'Bestätigen',
  'reset.title': 'Passwort vergessen?',
  'reset.text': 'Wir schicken dir einen Link, um ein neues zu wählen.',
  'reset.send': 'Link schicken',
  'reset.asked':
    'Wenn es ein Konto mit dieser E-Mail-Adresse gibt, ist ein Link unterwegs. Er gilt 30 Minuten.',
  'reset.choose': 'Neues Passwort wählen',
  'reset.changed': 'Dein Passwort ist geändert. Melde dich mit dem neuen an.',
  'reset.gone': 'Dieser Link wurde schon benutzt oder ist zu alt. Fordere einen neuen an.',
  'reset.back': 'Zurück zur Anmeldung',
} satisfies Pick<LaterWords, keyof typeof securityEn>
