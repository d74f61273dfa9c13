/** What is said of passkeys. */
export const passkeysEn = {
  'passkey.title': 'Passkeys',
  'passkey.hint':
    'Sign in by fingerprint, face or the PIN of your device, without a password or a code.',
  'passkey.name': 'Name of the passkey',
  'passkey.add': 'Add a passkey',
  'passkey.added': 'Passkey added.',
  'passkey.synced': 'Synced',
  'passkey.never_used': 'Not used yet',
  'passkey.rename': 'Rename',
  'passkey.rename_one': 'Rename {name}',
  'passkey.remove': 'Remove',
  'passkey.remove_one': 'Remove {name}',
  'passkey.remove_ask': 'Remove {name}?',
  'passkey.remove_text':
    'Nobody signs in with it any more. Your device may go on offering it until you delete it there, too.',
  'passkey.removed': 'Passkey removed.',
  'passkey.use': 'Use a passkey',
  'passkey.not_used': 'No passkey was used.',
  'passkey.refused': 'This passkey does not work here.',
  'passkey.expired': 'That took too long. Begin again with the password.',
  'passkey.there_is_one': 'There is a passkey of yours on this device already.',
  'passkey.no_passkey': 'There is no passkey of your account.',
  'passkey.no_passkeys': 'This address has no passkeys.',
  'passkey.too_many': 'These are as many as there can be. Remove one that you do not need.',
}
