/** What the settings of a second factor say. */
export const secondFactorEn = {
  'totp.title': 'Two-step sign-in',
  'totp.hint':
    'When it is on, signing in takes your password and a code of an authenticator app on your phone.',
  'totp.since': 'On since {date}.',
  'totp.left': {
    one: '{count} recovery code left.',
    other: '{count} recovery codes left.',
  },
  'totp.few': 'Make new ones before they run out.',
  'totp.set_up': 'Set up',
  'totp.add': 'Add an authenticator app',
  'totp.scan': 'Scan this with your authenticator app.',
  'totp.qr': 'QR code for your authenticator app',
  'totp.open_app': 'Open in an app on this device',
  'totp.by_hand': 'Or type this key into the app:',
  'totp.copy_secret': 'Copy key',
  'totp.enter': 'Enter the code that the app shows.',
  'totp.turn_on': 'Turn on',
  'totp.turned_on': 'Two-step sign-in is on.',
  'totp.codes': 'Recovery codes',
  'totp.codes_text':
    'Keep them where you find them without your phone. Each signs you in once in place of a code of the app. They are not shown again.',
  'totp.codes_of': 'Recovery codes of {email} at {place}',
  'totp.copy_codes': 'Copy codes',
  'totp.save_codes': 'Download codes',
  'totp.kept': 'I have kept them',
  'totp.renew': 'New recovery codes',
  'totp.renew_title': 'New recovery codes?',
  'totp.renew_text': 'The codes from before work no longer.',
  'totp.turn_off': 'Turn off',
  'totp.turn_off_title': 'Turn off two-step sign-in?',
  'totp.turn_off_text':
    'Signing in takes only your password then. Your recovery codes work no longer.',
  'totp.turned_off': 'Two-step sign-in is off.',
  'problem.second_factor': 'This was changed elsewhere in the meantime.',
  'due.title': 'Set up a second factor',
  'due.instance':
    'This server requires a second factor of everybody: something besides your password, so that nobody gets in by that alone.',
  'due.workspaces':
    'A second factor is required in {names}: something besides your password, so that nobody gets in by that alone.',
  'due.joining':
    'What you opened requires a second factor: something besides your password, so that nobody gets in by that alone.',
  'due.choose': 'Set up one of these to go on',
  'due.continue': 'Continue',
  'problem.second_factor_due': 'Set up a second factor first.',
  'problem.last_second_factor':
    'This server, or one of your workspaces, requires a second factor. Set up another one first.',
}
