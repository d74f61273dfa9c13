import { archives } from './archives.ts'
import { documents } from './documents.ts'
import { drawings } from './drawings.ts'
import type { Canary, Hostile } from './hostile.ts'
import { markup } from './markup.ts'
import { named } from './names.ts'
import { pictures } from './pictures.ts'
import { players } from './players.ts'
import { scripts } from './scripts.ts'

/** All of them by what they are, made anew for a canary. The names of all differ, as they are kept too. */
export const corpus = {
  'pages under every disguise': markup,
  'drawings and archives': (canary: Canary): Hostile[] => [...drawings(canary), ...archives()],
  'scripts, and what is two things at once': scripts,
  'documents and pointers': documents,
  'pictures, films and sounds': (canary: Canary): Hostile[] => [
    ...pictures(canary),
    ...players(canary),
  ],
  names: named,
} satisfies Record<string, (canary: Canary) => Hostile[]>

export const wholeCorpus = (canary: Canary): Hostile[] =>
  Object.values(corpus).flatMap((make) => make(canary))
