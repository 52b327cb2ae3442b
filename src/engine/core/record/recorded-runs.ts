import { Evidence } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { Bundle } from '../../model/proof.ts'
import { readBundleJson } from '../bundle/index.ts'
import { runFile } from '../bundle-layout/index.ts'

/** The runs in a folder of a bundle, in the order of the targets. Throws MALFORMED for evidence that cannot be read. */
export function recordedRunsIn(bundle: Bundle, folder: string, targets: readonly string[]): Evidence[] {
  return targets.flatMap((name) => {
    const path = runFile(folder, name, 'evidence.json')
    return bundle.files.has(path) ? [readBundleJson(bundle, path, Evidence)] : []
  })
}

/** Checks that every run is red or green. */
export function isDecided(all: readonly Evidence[], names: readonly string[], tree: Oid): string | null {
  const wrong = whole(all, names, tree)
  if (wrong !== null) return wrong
  return all.every(({ reading }) => reading.is === 'red' || reading.is === 'green') ? null : 'it is undecided'
}

/** Checks that at least one target is red, and none is undecided. */
export function isRed(all: readonly Evidence[], names: readonly string[], tree: Oid): string | null {
  const wrong = whole(all, names, tree)
  if (wrong !== null) return wrong
  const decided = all.every(({ reading }) => reading.is === 'red' || reading.is === 'green')
  return decided && all.some(({ reading }) => reading.is === 'red') ? null : 'it is not red'
}

export function isGreen(all: readonly Evidence[], names: readonly string[], tree: Oid): string | null {
  const wrong = whole(all, names, tree)
  if (wrong !== null) return wrong
  const passed = ({ reading, ended }: Evidence) => reading.is === 'green' && ended.how === 'exited' && ended.code === 0
  return all.every(passed) ? null : 'it is not green'
}

/**
 * Checks that no target is red. An invalid run is accepted, because a base without tests of its own shows nothing under its
 * own judges.
 */
export function isNotRed(all: readonly Evidence[], names: readonly string[], tree: Oid): string | null {
  const wrong = whole(all, names, tree)
  if (wrong !== null) return wrong
  return all.every(({ reading }) => reading.is === 'green' || reading.is === 'invalid') ? null : 'it is red'
}

function whole(all: readonly Evidence[], names: readonly string[], tree: Oid): string | null {
  if (all.length !== names.length || all.some(({ target }, at) => target !== names[at])) return 'a run is missing'
  return all.every((one) => one.tree === tree) ? null : 'a run was of another tree'
}
