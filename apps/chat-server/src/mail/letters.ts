import type { Message } from '@parley/core/mail/mail'

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
