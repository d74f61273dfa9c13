import { existsSync } from 'node:fs'
import { type Fault, type Field, met } from '../fault.ts'
import { largePages } from '../memory/large-pages.ts'
import { MiB } from '../memory/limits.ts'
import { stoppedReaders } from '../memory/stopped-readers.ts'
import { diesOfIt } from '../memory/too-little.ts'

const id = 'F30'

export const memoryLimit: Fault = {
  id,
  name: 'memory-limit',
  what: 'A server may take little memory: it goes on while many do not read what they asked for, or it dies of it and is started again.',
  variants: ['notify', 'chat', 'too-little'],
  seconds: 35,
  // How much a server has and needs is measured; others at work beside it would change both.
  alone: true,
  // Hundreds of megabytes for who does not read, or deaths.
  evidence: 3,
  missing: () =>
    existsSync('/proc/self/status') ? undefined : 'processes are limited as Linux does it',
  async run(field, variant) {
    switch (variant) {
      case 'notify':
        return unread(field, await stoppedReaders(field))
      case 'chat':
        return unread(field, await largePages(field))
      case 'too-little':
        return diesOfIt(field)
      default:
        throw new Error(`memory-limit has no variant ${variant}`)
    }
  },
}

const unread = (field: Field, bytes: number): void =>
  met(field, id, 'hundreds of MiB for those who did not read', Math.floor(bytes / (100 * MiB)))
