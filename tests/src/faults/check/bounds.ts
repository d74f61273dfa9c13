/** Every number that a check measures against. Milliseconds and bytes. */
export const bounds = {
  /** How long after its end a fault may still be felt. */
  recovery: 10_000,
  /** How late an event may come outside of faults: far beyond what is promised, on any machine. */
  late: 5_000,
  /**
   * How long one of ten thousand streams that come back together may take: 20 s on two busy cores, and
   * much more where others leave the servers but a share of those.
   */
  returned: 75_000,
  /** How soon a session that was ended is served no more, by what slows the news of it. */
  revoked: { nothing: 200, bell: 1_500, partition: 5_000 },
  /** A fault that ended this long before a revocation may still slow it. */
  revokedBefore: 1_000,
  /** Read counts of the API stop there. */
  unread: 1_000,
  /** Of a process, against its first sample. */
  resources: {
    /** Descriptors more than at first: pools that filled; and one connection kept by each client. */
    descriptors: 32,
    /** What it may hold more than at first, when all is over: caches that filled. */
    heldMore: 32 * 1024 * 1024,
    peak: 1024 * 1024 * 1024,
    /** For each stream of a crowd: twice what one takes, as a collector lets as much again lie. */
    stream: 64 * 1024,
    /** By so many streams a crowd has become another one. */
    crowdChanged: 100,
    /** Of what is kept for a reader who does not read, with all that the system's buffers take. */
    backlog: 16 * 1024 * 1024,
    /**
     * Growth over the second half of the samples that counts as steady: it must pass both. A collector
     * that has gigabytes before it is in no hurry: a flood of 100 MB leaves it at 90 MB more for a while.
     */
    growth: { samples: 8, bytes: 128 * 1024 * 1024, share: 0.3, correlation: 0.8 },
  },
  /** So many violations of a check are kept. */
  violations: 8,
} as const
