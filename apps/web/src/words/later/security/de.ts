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
  'openid.or': 'oder',
  'openid.continue': 'Weiter mit {name}',
  'openid.unreachable':
    'Die andere Anmeldung antwortet nicht. Versuche es noch einmal, oder nimm dein Passwort.',
  'openid.refused': 'Du wurdest dort nicht eingelassen.',
  'openid.expired':
    'Das hat zu lange gedauert oder begann in einem anderen Browser. Fang noch einmal an.',
  'openid.failed': 'Das hat nicht geklappt. Fang noch einmal an.',
  'openid.unverified':
    'Es wurde kein Konto angelegt: Deine E-Mail-Adresse ist dort nicht bestätigt.',
  'openid.taken':
    'Es gibt schon ein Konto mit deiner E-Mail-Adresse. Melde dich mit dessen Passwort an und verknüpfe es in den Einstellungen unter Sicherheit.',
  'openid.disabled': 'Dein Konto ist gesperrt. Frag, wer diesen Server betreibt.',
  'openid.other':
    'Das ist mit einem anderen Konto verknüpft oder nicht das, womit deines verknüpft ist.',
  'openid.title': 'Anmeldung mit {name}',
  'openid.link_hint': 'Verknüpfe dein Konto, um dich auch mit {name} anzumelden.',
  'openid.unlink_hint': 'Du kannst dich mit {name} anmelden.',
  'openid.link': 'Mit {name} verknüpfen',
  'openid.unlink': 'Verknüpfung mit {name} lösen',
  'openid.linked': 'Dein Konto ist verknüpft.',
  'openid.unlinked': 'Dein Konto ist nicht mehr verknüpft.',
  'openid.confirmed': 'Du hast bestätigt, dass du es bist. Mach weiter, wo du warst.',
  'openid.password_first':
    'Anders kannst du dich nicht anmelden: Wähle zuerst ein Passwort oder füge einen Passkey hinzu.',
  'openid.confirm_text': 'Melde dich noch einmal mit {name} an, und wiederhole dann die Änderung.',
  'reset.title': 'Passwort vergessen?',
  'reset.text': 'Wir schicken dir einen Link, um ein neues zu wählen.',
  'reset.send': 'Link schicken',
  'reset.asked':
    'Wenn es ein Konto mit dieser E-Mail-Adresse gibt, ist ein Link unterwegs. Er gilt 30 Minuten.',
  'reset.choose': 'Neues Passwort wählen',
  'reset.changed': 'Dein Passwort ist geändert. Melde dich mit dem neuen an.',
  'reset.gone': 'Dieser Link wurde schon benutzt oder ist zu alt. Fordere einen neuen an.',
  'reset.back': 'Zurück zur Anmeldung',
  'sign_up.mailbox': 'Schau in dein Postfach',
  'sign_up.mailed':
    'Wir haben an {email} geschrieben. Öffne innerhalb einer Stunde den Link in der E-Mail, um fertig zu werden.',
  'sign_up.again': 'Angaben ändern',
  'sign_up.finish_title': 'Registrierung abschließen',
  'sign_up.finish_text': 'Gib das Passwort ein, das du bei der Registrierung gewählt hast.',
  'sign_up.finish': 'Abschließen',
  'sign_up.name_taken': 'Diesen Namen hat inzwischen jemand anderes. Wähle einen anderen.',
  'sign_up.wrong_password':
    'Das ist nicht das Passwort, das zu diesem Link gewählt wurde. Warst du es nicht, registriere dich neu.',
  'sign_up.gone':
    'Dieser Link wurde schon benutzt oder ist zu alt. Melde dich an, oder registriere dich neu.',
} satisfies Pick<LaterWords, keyof typeof securityEn>
