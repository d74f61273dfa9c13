/** A history that was not recorded well proves nothing: it is no verdict, but an error. */
export const malformed = (what: string): Error => new Error(`The history has ${what}.`)
