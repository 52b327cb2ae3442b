/**
 * What an experiment with NATS JetStream measured before this was built: nats-server 2.9.10 on loopback with its store on disk, the
 * client @nats-io 3.4, Node 20, two processors shared with other work. 200 commits were proved on three workers, one of which was
 * killed. Times are seconds.
 */
export const MEASURED = {
  jobs: 200,
  workers: 3,
  starts: 201,
  claim: 5,
  renewed: 2,
  /** Four of four times, with an idle worker. */
  redeliveredIdle: 4.5,
  /** While the only other worker was busy. */
  redeliveredBusy: 11.9,
  /** A session where that was measured: the overhead of 0.92 s was 4.3 percent of it. */
  busySession: 0.92 / 0.043,
  /** Taken, answered and acknowledged by two workers, jobs a second. */
  queue: 2216,
  pushRace: { clones: 8, pushes: 10, perSecond: 4.0, refusals: 5.1 },
  /** Pushes of one proof a second by one writer, and proofs a second in batches of 100. */
  writer: { single: 8.5, inHundreds: 505 },
  resultBytes: 17_800,
  noteBytes: 9_000,
} as const

/** docs/performance.md, "Many proofs": wall time of `push` of one new proof beside 10,000 and beside 10 proofs. */
export const PUSH = { many: 2.031, few: 0.61, more: 9990 } as const
