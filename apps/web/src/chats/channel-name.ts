/** What is wrong with the name of a channel, as far as is known here. */
export type NameProblem = 'empty' | 'too_long' | 'unfit' | 'taken'

const most = 64

export function nameProblem(
  name: string,
  known: readonly { name: string | null }[],
): NameProblem | undefined {
  const wanted = name.trim().normalize('NFC')
  if (wanted === '') return 'empty'
  if (Array.from(wanted).length > most) return 'too_long'
  if (/\p{Cc}/u.test(wanted)) return 'unfit'
  const low = wanted.toLowerCase()
  return known.some((one) => one.name?.toLowerCase() === low) ? 'taken' : undefined
}
