import type { StringMasker } from '../../core/redact/index.ts'
import type { Inspector } from '../../ports/inspector.ts'

/**
 * An inspector that masks secrets in what it reads. A record holds masked names of tests, so a replay compares masked names; a
 * proof compares them as they are.
 */
export function maskedInspector(inspector: Inspector, masker: StringMasker): Inspector {
  return {
    ...inspector,
    inspect(...asked) {
      const { insteadOf, runner, ...read } = inspector.inspect(...asked)
      const masked = [...insteadOf].map(([id, prefix]) => [masker.text(id), masker.text(prefix)] as const)
      return { ...masker.all(read), insteadOf: new Map(masked), runner }
    },
  }
}
