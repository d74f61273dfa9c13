/** Of those that keyboards have, the ones that are not ASCII: Arabic, Persian, full width. */
const zeros = [0x660, 0x6f0, 0xff10]

/** The code as the server knows it, whatever digits and spaces it was typed with. */
export const codeOf = (text: string): string =>
  Array.from(text.replace(/\s/g, ''), (letter) => {
    const point = letter.codePointAt(0) ?? 0
    const zero = zeros.find((zero) => point >= zero && point < zero + 10)
    return zero === undefined ? letter : String(point - zero)
  }).join('')

export const isCode = (code: string): boolean => /^\d{6}$/.test(code)
