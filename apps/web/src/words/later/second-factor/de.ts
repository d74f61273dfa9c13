import type { LaterWords } from '../../words.ts'
import type { secondFactorEn } from './en.ts'

export const secondFactorDe = {
  'totp.title': 'Anmeldung in zwei Schritten',
  'totp.hint':
    'Wenn sie an ist, braucht die Anmeldung dein Passwort und einen Code einer Authenticator-App auf deinem Telefon.',
  'totp.since': 'An seit {date}.',
  'totp.left': {
    one: 'Noch {count} Wiederherstellungscode.',
    other: 'Noch {count} Wiederherstellungscodes.',
  },
  'totp.few': 'Erzeuge neue, bevor sie ausgehen.',
  'totp.set_up': 'Einrichten',
  'totp.add': 'Authenticator-App hinzufügen',
  'totp.scan': 'Scanne das mit deiner Authenticator-App.',
  'totp.qr': 'QR-Code für deine Authenticator-App',
  'totp.open_app': 'In einer App auf diesem Gerät öffnen',
  'totp.by_hand': 'Oder tippe diesen Schlüssel in die App:',
  'totp.copy_secret': 'Schlüssel kopieren',
  'totp.enter': 'Gib den Code ein, den die App zeigt.',
  'totp.turn_on': 'Einschalten',
  'totp.turned_on': 'Die Anmeldung in zwei Schritten ist an.',
  'totp.codes': 'Wiederherstellungscodes',
  'totp.codes_text':
    'Bewahre sie auf, wo du sie ohne dein Telefon findest. Jeder meldet dich einmal anstelle eines Codes der App an. Sie werden nicht noch einmal gezeigt.',
  'totp.codes_of': 'Wiederherstellungscodes von {email} bei {place}',
  'totp.copy_codes': 'Codes kopieren',
  'totp.save_codes': 'Codes herunterladen',
  'totp.kept': 'Ich habe sie aufbewahrt',
  'totp.renew': 'Neue Wiederherstellungscodes',
  'totp.renew_title': 'Neue Wiederherstellungscodes?',
  'totp.renew_text': 'Die bisherigen Codes gelten dann nicht mehr.',
  'totp.turn_off': 'Ausschalten',
  'totp.turn_off_title': 'Anmeldung in zwei Schritten ausschalten?',
  'totp.turn_off_text':
    'Die Anmeldung braucht dann nur noch dein Passwort. Deine Wiederherstellungscodes gelten nicht mehr.',
  'totp.turned_off': 'Die Anmeldung in zwei Schritten ist aus.',
  'problem.second_factor': 'Das wurde inzwischen anderswo geändert.',
  'due.title': 'Richte einen zweiten Faktor ein',
  'due.instance':
    'Dieser Server verlangt von allen einen zweiten Faktor: etwas zusätzlich zum Passwort, damit niemand allein damit hineinkommt.',
  'due.workspaces':
    'In {names} ist ein zweiter Faktor nötig: etwas zusätzlich zum Passwort, damit niemand allein damit hineinkommt.',
  'due.joining':
    'Was du geöffnet hast, verlangt einen zweiten Faktor: etwas zusätzlich zum Passwort, damit niemand allein damit hineinkommt.',
  'due.choose': 'Richte eines davon ein, um weiterzumachen',
  'due.continue': 'Weiter',
  'problem.second_factor_due': 'Richte zuerst einen zweiten Faktor ein.',
  'problem.last_second_factor':
    'Dieser Server oder einer deiner Arbeitsbereiche verlangt einen zweiten Faktor. Richte zuerst einen anderen ein.',
} satisfies Pick<LaterWords, keyof typeof secondFactorEn>
