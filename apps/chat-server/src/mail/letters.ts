import type { Message } from '@parley/core/mail/mail'
import type { WayChange } from '@parley/core/mail/queue'

interface Place {
  /** The instance's name. */
  name: string
  publicUrl: string
}

/** The secret stands behind a #: it is in no request for the page, and in no log of one. */
export const resetLetter = ({ name, publicUrl }: Place, to: string, secret: string): Message => ({
  to,
  subject: `Choose a new password for ${name}`,
  text: [
    'Somebody, maybe you, asked for a new password for your account. Open this to choose one:',
    '',
    `${publicUrl}/reset#${secret}`,
    '',
    'It works once, for 30 minutes. If it was not you, there is nothing to do: your password stays as it is.',
    '',
  ].join('\n'),
})

/** Nothing of what was typed at the sign-up is in it: whoever did it may be a stranger to the reader. */
export const signUpLetter = ({ name, publicUrl }: Place, to: string, secret: string): Message => ({
  to,
  subject: `Finish signing up for ${name}`,
  text: [
    'Somebody, maybe you, signed up with this address. Open this to finish:',
    '',
    `${publicUrl}/signup#${secret}`,
    '',
    'It works once, for an hour, with the password chosen there.',
    'If it was not you, there is nothing to do: no account is made.',
    '',
  ].join('\n'),
})

export const knownLetter = ({ name, publicUrl }: Place, to: string): Message => ({
  to,
  subject: `You have an account for ${name}`,
  text: [
    'Somebody, maybe you, tried to sign up with this address, which has an account already.',
    '',
    `To sign in: ${publicUrl}/signin`,
    `If you forgot your password: ${publicUrl}/reset`,
    '',
    'If it was not you, there is nothing to do: nothing was changed.',
    '',
  ].join('\n'),
})

export const changedLetter = ({ name, publicUrl }: Place, to: string): Message => ({
  to,
  subject: `Your password for ${name} was changed`,
  text: [
    'The password of your account was changed, and every device was signed out.',
    '',
    `If it was not you, choose another one at once: ${publicUrl}/reset`,
    '',
  ].join('\n'),
})

const changes: Readonly<Record<WayChange, string>> = {
  totp_added: 'Signing in to your account takes a code of an authenticator app from now on.',
  totp_removed: 'Signing in to your account takes no code of an authenticator app any more.',
  recovery_codes_renewed:
    'New recovery codes were made for your account. Those from before work no longer.',
  passkey_added: 'A passkey was added to your account. Whoever has it signs in by it.',
  passkey_removed: 'A passkey was removed from your account. Nobody signs in by it any more.',
  openid_linked:
    'Your account was linked to the OpenID provider. Whoever signs in there signs in here.',
  openid_unlinked:
    'Your account is no longer linked to the OpenID provider. Nobody signs in by it any more.',
  factors_reset:
    'An administrator removed the authenticator app, the recovery codes and the passkeys of your account.',
}

/** It has no name of what was changed, which somebody else may have written. */
export const wayLetter = ({ name, publicUrl }: Place, to: string, what: WayChange): Message => ({
  to,
  subject: `How you sign in to ${name} was changed`,
  text: [
    changes[what],
    '',
    'If it was you, there is nothing to do. If not, choose another password at once:',
    `${publicUrl}/reset`,
    'and look at what lets you in:',
    `${publicUrl}/settings/security`,
    '',
  ].join('\n'),
})
