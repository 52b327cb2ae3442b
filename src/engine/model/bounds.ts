/** How much of the machine one run may use; null = as much as it wants. */
export interface ResourceBounds {
  /** Bytes of memory, its file systems in memory included. */
  readonly memory: number | null
  /** Processors, in parts. */
  readonly cpus: number | null
  /** Processes and threads at once. */
  readonly processes: number | null
  /** Bytes on disk, all work trees of the session together. */
  readonly disk: number | null
}

/** Which bounds a sandbox makes hold; of one that is null, whether it would. */
export interface EnforcedBounds {
  readonly memory: boolean
  readonly cpu: boolean
  readonly processCount: boolean
  readonly disk: boolean
}
