/**
 * What thousands of streams met during a fault, which are too many to write down what came to each: as
 * their clients kept count of one chat that all of them are in.
 */
export interface CrowdSeen {
  /** Milliseconds on the run's clock. */
  at: number
  type: 'crowd'
  fault: string
  /** The way of the fault. */
  target: string
  topic: string
  /** Where the topic was before the fault, and where it was to be after it. */
  from: number
  to: number
  streams: number
  /** At the end. */
  live: number
  /** Streams that do not have the last event, of those whose people are in the chat. */
  behind: number
  /** Events that were new to a stream, and those that its person was not to see. */
  events: number
  passed: number
  /** Seqs that did not follow; seqs that one connection brought twice; events to those outside. */
  gaps: number
  doubles: number
  leaks: number
  resyncs: number
  /** Attempts that brought no stream. */
  refused: number
  /** Streams that were live again, and the longest time that one was not, in milliseconds. */
  returned: number
  slowest: number
  /** What some of the people asked the API meanwhile, and how much of it was not answered. */
  calls: number
  failed: number
}
