let few: RegExp | undefined

/** Emoji begin beyond ASCII, but for digits, # and * in a box; most messages do not. */
const mayBegin = /^(?:[^\0-\x7f]|[\d#*]\ufe0f?\u20e3)/

/** One to three emoji and nothing else: they are shown large. */
export function isFewEmoji(content: string): boolean {
  if (content.length >= 120 || !mayBegin.test(content)) return false
  // Thousands of sequences: making it takes longer than all else that a message needs.
  few ??= new RegExp(String.raw`^(?:\p{RGI_Emoji}\s*){1,3}$`, 'v')
  return few.test(content)
}
