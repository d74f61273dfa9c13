const few = new RegExp(String.raw`^(?:\p{RGI_Emoji}\s*){1,3}$`, 'v')

/** One to three emoji and nothing else: they are shown large. */
export const isFewEmoji = (content: string): boolean => content.length < 120 && few.test(content)
