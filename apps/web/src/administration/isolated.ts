/** A name inside a sentence, whose direction changes nothing around it (UAX #9). */
export const isolated = (name: string): string => `\u2068${name}\u2069`
