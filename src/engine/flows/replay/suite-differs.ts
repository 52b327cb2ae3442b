import { compareSuites } from '../../core/verdict/index.ts'
import type { Repro } from '../../model/proof.ts'
import type { Measurement } from '../measure/index.ts'

/** The suite that was recorded as green has to be complete again. */
export function suiteDiffers(repro: Repro, { target, tests }: Measurement): string[] {
  const was = repro.tests.find((one) => one.target === target.name)?.report ?? null
  const suite = compareSuites(was, tests)
  return suite.ok ? [] : [`with the change, ${target.name}: ${suite.reason}`]
}
