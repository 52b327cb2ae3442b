import { type Place, packContext, rankPlaces } from '../core/context.ts'
import { type Round, reds } from './round.ts'
import type { Session } from './session.ts'

/** What a proposer may see of the base: its files (no judges' secrets, no policy, no oversized or binary ones) and the failure. */
export interface Material {
  /** Every file of the base that may be read, path → bytes; judges are readable, changing them is refused later. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly texts: ReadonlyMap<string, string>
  readonly places: readonly Place[]
  /** Prompt body for a budget in tokens. */
  context(tokens: number): string
}

const FILE_LIMIT = 512 * 1024
const TOTAL_LIMIT = 64 * 1024 * 1024

export async function material(session: Session, base: Round, hidden: (path: string) => boolean): Promise<Material> {
  const files = new Map<string, Uint8Array>()
  const texts = new Map<string, string>()
  let total = 0
  for (const { path, mode, oid } of await session.objects.list(session.base.tree)) {
    if (!mode.startsWith('100') || hidden(path) || total > TOTAL_LIMIT) continue
    const bytes = await session.objects.read(oid)
    if (bytes.length > FILE_LIMIT) continue
    total += bytes.length
    files.set(path, bytes)
    if (!bytes.includes(0)) texts.set(path, redacted(session, bytes))
  }
  const red = reds(base)
  const named = red.flatMap(({ execution }) => session.inspector.places(execution))
  const tests = red.flatMap(({ tests: report }) =>
    (report?.tests ?? [])
      .filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
      .map(({ id, file, line }) => ({ path: file ?? id.split('::')[0] ?? id, line: line ?? null })),
  )
  const isTest = (path: string) => session.judgeOf(path) !== null
  const places = rankPlaces([...named, ...tests], { files: texts, isTest })
  const output = red.map(({ execution }) => decode(execution.stdout.kept) + decode(execution.stderr.kept)).join('\n')
  const failing = [...named.filter(({ path }) => isTest(path)).reverse(), ...tests]
  return {
    files,
    texts,
    places,
    context: (tokens) => packContext(output, places, failing, { files: texts, isTest }, tokens),
  }
}

function redacted(session: Session, bytes: Uint8Array): string {
  return decode(session.redactor.redact(bytes).bytes)
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** The end of what a round's first red printed; for the next request. */
export function lastOutput(round: Round): string | null {
  const red = reds(round)[0]
  return red ? (decode(red.execution.stdout.kept) + decode(red.execution.stderr.kept)).slice(-4000) : null
}
