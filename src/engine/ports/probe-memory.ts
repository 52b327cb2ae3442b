/**
 * What trying things out on this machine showed before. It is no evidence: every run is checked by itself, and this only saves
 * trying again whether a sandbox works at all.
 */
export interface ProbeMemory {
  /**
   * What `probe` showed in an earlier session, if these programs (by their content), the kernel, the boot, the user, the cgroups
   * and the version of git pp are the same; otherwise what it shows now. Null says that something does not work; that is never
   * remembered. `name` tells probes apart.
   */
  recall(name: string, programs: readonly string[], probe: () => Promise<string | null>): Promise<RecalledProbe>
  /** Forgets everything that was recalled: a run could not be set up although a probe had worked. */
  forget(): Promise<void>
}

export interface RecalledProbe {
  readonly shown: string | null
  readonly remembered: boolean
}

/** Remembers nothing. */
export const NO_MEMORY: ProbeMemory = {
  recall: async (_name, _programs, probe) => ({ shown: await probe(), remembered: false }),
  forget: async () => {},
}
