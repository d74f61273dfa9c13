/**
 * Whether passkeys can be used here: browsers have none for an address that is a number, and hide all
 * of it where others can read along.
 */
export const offersPasskeys = (): boolean =>
  'PublicKeyCredential' in window && !/^(?:[\d.]+|\[.*)$/.test(location.hostname)
