import type { Reporter } from '../../ports/reporter.ts'

/**
 * Notices when a proof has seen red without the change, green with it and red again. All that comes after it only makes it
 * surer, or takes it back.
 */
export function soFar(onSoFar: () => Promise<void>): Reporter {
  let green = false
  let told = false
  return {
    tell(event) {
      if (event.is !== 'run' || told) return
      if (event.step.is === 'change' && event.reading.is === 'green') green = true
      const redAgain = event.step.is === 'red' || event.step.is === 'focused-red'
      if (!green || !redAgain || event.reading.is !== 'red') return
      told = true
      void onSoFar()
    },
  }
}
