import { type Entry, open, own } from '../entry.ts'

export const events = {
  getBootstrap: [own({ expected: '200', shows: 'AZ-12' })],
  createTicket: [own({ expected: '201' })],
  getInstance: [open('200')],
} satisfies Record<string, readonly Entry[]>
