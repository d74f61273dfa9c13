import type { CrowdSeen } from '../history/crowd-seen.ts'
import type { Action, EventSeen, MessageSeen } from '../history/entry.ts'
import type { Excerpt } from '../check/report.ts'
import { mebibytes } from './words.ts'

/** An entry of the history as a line that a person reads. */
export function entryLine(entry: Excerpt): string {
  const when = entry.type === 'final' ? 'end' : `${(entry.at / 1000).toFixed(3)} s`
  return `${when.padStart(11)}  ${entry.type.padEnd(9)} ${what(entry)}`
}

function what(entry: Excerpt): string {
  switch (entry.type) {
    case 'final':
      return entry.shows
    case 'phase':
      return entry.phase
    case 'call': {
      const { op, attempt, user, session, server, action } = entry
      return `#${op}.${attempt} user ${user} (session ${session}) asks ${server}: ${actionWords(action)}`
    }
    case 'return': {
      const { op, attempt, outcome, status, code, messages } = entry
      const answer = [outcome, status, code].filter((one) => one !== undefined).join(' ')
      return `#${op}.${attempt} ${answer}${messages ? `: ${messagesWords(messages)}` : ''}`
    }
    case 'opened': {
      const { stream, reader, user, session, server, cursor } = entry
      return `stream ${stream} of ${reader} (user ${user}, session ${session}) on ${server} from ${cursor ?? 'now'}`
    }
    case 'frame':
      return `stream ${entry.stream}: ${eventWords(entry)}`
    case 'signal': {
      const { stream, kind, reason, replayed } = entry
      const more = replayed === undefined ? (reason ?? '') : `${replayed} replayed`
      return `stream ${stream}: ${kind} ${more}`.trimEnd()
    }
    case 'closed':
      return `stream ${entry.stream}`
    case 'began': {
      const topics = Object.entries(entry.topics).map(([topic, seq]) => `${topic} ${seq}`)
      return `${entry.reader} (${entry.reason}) at ${topics.join(', ')}`
    }
    case 'delivered':
      return `${entry.reader}: ${eventWords(entry)}`
    case 'fault':
      return `${entry.fault} on ${entry.target}: ${entry.phase}`
    case 'rewound': {
      const topics = Object.entries(entry.topics).map(([topic, seq]) => `${topic} ${seq}`)
      return `to ${topics.join(', ')}, losing what came since ${(entry.since / 1000).toFixed(3)} s`
    }
    case 'evidence':
      return `${entry.fault}: ${entry.what} (${entry.count})`
    case 'backlog':
      return `${entry.reader}: ${entry.bytes} bytes`
    case 'crowd':
      return crowdWords(entry)
    case 'sample': {
      const { process, pid, rss, held, descriptors, crowd } = entry
      const inUse = held === undefined ? '' : `, ${mebibytes(held)} in use`
      const streams = crowd ? `, ${crowd} of a crowd` : ''
      return `${process} (pid ${pid}): ${mebibytes(rss)}${inUse}, ${descriptors} descriptors${streams}`
    }
    default:
      return entry satisfies never
  }
}

function actionWords(action: Action): string {
  switch (action.does) {
    case 'send':
      return `send to chat:${action.chat}, nonce ${action.nonce}, text ${action.text}`
    case 'edit':
      return `edit message ${action.message} of chat:${action.chat}, text ${action.text}`
    case 'delete':
      return `delete message ${action.message} of chat:${action.chat}`
    case 'mark':
      return `mark chat:${action.chat} read up to ${action.seq}`
    case 'add':
      return `add user ${action.user} to chat:${action.chat}`
    case 'remove':
      return `remove user ${action.user} from chat:${action.chat}`
    case 'read':
      return `read chat:${action.chat}`
    case 'end_session':
      return `end session ${action.ended} by ${action.by}`
    default:
      return action satisfies never
  }
}

function crowdWords(crowd: CrowdSeen): string {
  const { fault, target, topic, from, to, streams, live, behind, events, passed } = crowd
  return (
    `${fault} ${target}: ${live} of ${streams} streams live, ${behind} behind; ` +
    `${topic} ${from} to ${to}: ${events} events, ${passed} not to be seen`
  )
}

const messageWords = ({ id, seq, sender, nonce, text }: MessageSeen): string =>
  `message ${id}, seq ${seq}, of user ${sender}, nonce ${nonce}, text ${text}`

function messagesWords(messages: readonly MessageSeen[]): string {
  const [only] = messages
  if (only && messages.length === 1) return messageWords(only)
  return `${messages.length} messages, seq ${messages.map(({ seq }) => seq).join(' ')}`
}

function eventWords({ topic, seq, kind, message, about }: EventSeen): string {
  const more = message ? `, ${messageWords(message)}` : about === undefined ? '' : ` of ${about}`
  return `${topic} ${seq} ${kind}${more}`
}
