/** One code, whichever of the two is taken. */
export const accountTaken = {
  users_username: 'account_taken',
  users_email: 'account_taken',
} as const
