/** How much of the machine one run may use; null = no limit. */
export interface ResourceBounds {
  /** Memory in bytes, including file systems in memory. */
  readonly memory: number | null
  /** The number of processors; may be a fraction. */
  readonly cpus: number | null
  /** Processes and threads at once. */
  readonly processes: number | null
  /** Bytes on disk, all work trees of the session together. */
  readonly disk: number | null
}

/** Which bounds a sandbox enforces; for a bound that is null, whether it could enforce it. */
export interface EnforcedBounds {
  readonly memory: boolean
  readonly cpu: boolean
  readonly processCount: boolean
  readonly disk: boolean
}
