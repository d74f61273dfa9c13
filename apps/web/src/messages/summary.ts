import type { Message } from '@parley/contract'

/** What a message says in one line; one without a text says what it brings. */
export const summaryOf = ({ content, files }: Pick<Message, 'content' | 'files'>): string =>
  content === '' ? files.map(({ name }) => name).join(', ') : content
