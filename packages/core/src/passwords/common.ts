/** What somebody who guesses goes through first; made of lists of leaked passwords, in small letters. */
export type CommonPasswords = ReadonlySet<string>

let loading: Promise<CommonPasswords> | undefined

/** Some 49,000 passwords. Read when the first is wanted: most commands and servers need none for long. */
export const commonPasswords = (): Promise<CommonPasswords> => (loading ??= load())

async function load(): Promise<CommonPasswords> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}
