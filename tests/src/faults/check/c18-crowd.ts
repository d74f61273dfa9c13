import type { CrowdSeen } from '../history/crowd-seen.ts'
import { bounds } from './bounds.ts'
import type { Check } from './findings.ts'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

export const crowd: Check = {
  id: 'C18',
  name: 'crowd',
  property:
    'Of thousands of streams each is live again within 75 s, with every event of its chat once and in order.',
  run({ entries }, { look, violation }) {
    for (const entry of entries) {
      if (entry.type !== 'crowd') continue
      look(entry.streams)
      for (const says of wrong(entry)) {
        violation(`${entry.fault} ${entry.target}: ${says}.`, () => [entry], entry.at)
      }
    }
  },
}

/** All that is wrong, in words to go on with. */
function wrong(seen: CrowdSeen): string[] {
  const { topic, from, to, streams, live, behind, events, passed, slowest } = seen
  const expected = streams * (to - from)
  const found: [boolean, string][] = [
    [live < streams, `${streams - live} of ${streams} streams were not live at the end`],
    [behind > 0, `${behind} of ${streams} streams did not have ${topic} seq ${to}`],
    [
      slowest > bounds.returned,
      `a stream was live again only after ${seconds(slowest)}, more than ${seconds(bounds.returned)}`,
    ],
    [seen.gaps > 0, `${seen.gaps} times a seq of ${topic} was not the next one`],
    [seen.doubles > 0, `${seen.doubles} events came twice on one connection`],
    [seen.leaks > 0, `${seen.leaks} events came to people who were not in the chat`],
    [seen.resyncs > 0, `${seen.resyncs} streams had to start afresh`],
    [
      events + passed !== expected,
      `${events} new events came and ${passed} were not to be seen, not ${expected}`,
    ],
    [seen.failed > 0, `${seen.failed} of ${seen.calls} calls of theirs were not answered`],
  ]
  return found.flatMap(([is, says]) => (is ? [says] : []))
}
