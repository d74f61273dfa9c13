import { type LaterKey, type Values, spoken } from './words.ts'

/**
 * What stands under a key, for parts that are loaded by `later`, with their words. A part that comes at
 * once may not say so: the build refuses it (chunks.ts).
 */
export const say = (key: LaterKey, values?: Values): string => spoken(key, values)
