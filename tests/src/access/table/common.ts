import { notMember } from '../entry.ts'

let names = 0
/** A name that nobody has. */
export const name = (): string => `fresh${++names}`

export const readAll = { owner: '200', member: '200', visitor: '200' } as const
export const writes = { visitor: notMember, shows: 'AZ-04' } as const
export const unknownFile = { unknown: '422 unknown_file' } as const
