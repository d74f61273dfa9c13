/** Something that is kept running: a server process, or the database. */
export interface Part {
  /** As the subject of a sentence: "The chat server". */
  name: string
  /** Resolves when it is ready to work; rejects when it ended before or when `abort` says so. */
  start(abort: AbortSignal): Promise<RunningPart>
}

export interface RunningPart {
  /** Resolves when it has ended, with how: "signal SIGKILL". */
  ended: Promise<string>
  stop(): Promise<void>
}
