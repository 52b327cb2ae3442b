import type { Spectrum } from '../../../model/trace.ts'

/** Tracked path → executed lines, while they are gathered. */
export type ExecutedLines = Map<string, Set<number>>

export function addLines(to: ExecutedLines, more: Spectrum['lines']): void {
  for (const [path, lines] of more) to.set(path, new Set([...(to.get(path) ?? []), ...lines]))
}

/**
 * One spectrum for each test. Spectra of several processes for a test are merged; the test failed if it failed in one of
 * them.
 */
export function mergeSpectra(spectra: readonly Spectrum[]): Spectrum[] {
  const byTest = new Map<string | null, { failed: boolean; lines: ExecutedLines }>()
  for (const { test, failed, lines } of spectra) {
    const one = byTest.get(test) ?? { failed: false, lines: new Map() }
    byTest.set(test, one)
    one.failed ||= failed
    addLines(one.lines, lines)
  }
  return [...byTest].map(([test, one]) => ({ test, ...one }))
}
