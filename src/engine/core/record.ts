import type { Evidence, Execution } from '../model/evidence.ts'
import { cutStream, type Part } from './bundle.ts'
import { bytesOf, canonical } from './canonical.ts'

/** A name as one safe component of a bundle path. */
export function slug(name: string): string {
  const safe = name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
  return safe.slice(0, 60) || 'target'
}

/** Puts a JSON file into a bundle under construction. */
export function writeJson(
  record: { set(path: string, bytes: Uint8Array): unknown },
  path: string,
  value: unknown,
): void {
  record.set(path, bytesOf(`${canonical(value)}\n`))
}

/** Puts one execution into a bundle under construction: evidence.json, stdout, stderr. */
export function writeRun(record: Map<string, Part>, folder: string, evidence: Evidence, execution: Execution): void {
  writeJson(record, `${folder}/evidence.json`, evidence)
  record.set(`${folder}/stdout`, cutStream(execution.stdout.kept))
  record.set(`${folder}/stderr`, cutStream(execution.stderr.kept))
}
