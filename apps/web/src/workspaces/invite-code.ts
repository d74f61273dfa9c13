/** The code in what somebody was sent: a link, or the code alone. Empty where there is none. */
export function codeIn(text: string): string {
  const wanted = text.trim()
  const code = /\/i\/([^/?#\s]+)/.exec(wanted)?.[1] ?? wanted
  return /^[\w-]{1,64}$/.test(code) ? code : ''
}
