/** `@name` where no letter or digit stands before it, so that addresses mention nobody. */
const mention = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]{0,63})/gu
/** More names than this are a flood. */
const most = 50

/**
 * The names that a text mentions, in lower case. A dot or hyphen at the end may be the sentence's, so
 * the name without it counts too. Outside of code, where `@` means something else.
 */
export function mentionedNames(content: string): string[] {
  if (!content.includes('@')) return []
  const text = content.replace(/```[^]*?(?:```|$)|`[^`\n]*`/g, ' ')
  const names = new Set<string>()
  for (const [, name = ''] of text.matchAll(mention)) {
    const whole = name.normalize('NFC').toLowerCase()
    names.add(whole)
    names.add(whole.replace(/(?<![.-])[.-]+$/, ''))
    if (names.size >= most) break
  }
  return [...names]
}
