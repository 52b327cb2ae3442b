import { printed } from '../../core/bytes/index.ts'
import { type Place, pack, type Suspicious, suspects } from '../../core/context/index.ts'
import type { Syntax } from '../../ports/syntax.ts'
import type { Tracer } from '../../ports/tracer.ts'
import { type Round, reds } from '../measure/index.ts'
import { investigate } from '../proof/index.ts'
import type { Session } from '../session/index.ts'
import { traced } from './trace.ts'

/** What a proposer may see of the base: its files (no judges' secrets, no policy, no oversized or binary ones) and the failure. */
export interface Material {
  /** Every file of the base that may be read, path → bytes; judges are readable, changing them is refused later. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly texts: ReadonlyMap<string, string>
  /** Functions of product files, and their lines, the most suspicious first. */
  readonly ranked: readonly Suspicious[]
  readonly places: readonly Place[]
  /** Prompt body for a budget in tokens. */
  context(tokens: number): string
}

/** What material is made with. `hidden`: paths that no proposer reads. */
export interface Instruments {
  readonly hidden: (path: string) => boolean
  readonly syntax: Syntax
  readonly tracers: readonly Tracer[]
}

const FILE_LIMIT = 512 * 1024
const TOTAL_LIMIT = 64 * 1024 * 1024

export async function material(session: Session, base: Round, instruments: Instruments): Promise<Material> {
  const { files, texts } = await readFiles(session, instruments.hidden)
  const traces = await traced(session, base, instruments.tracers, files)
  const scene = await investigate(session, reds(base), traces, texts, instruments.syntax)
  const { ranked } = scene
  return { files, texts, ranked, places: suspects(ranked), context: (tokens) => pack(scene, tokens) }
}

async function readFiles(session: Session, hidden: (path: string) => boolean) {
  const files = new Map<string, Uint8Array>()
  const texts = new Map<string, string>()
  let total = 0
  for (const { path, mode, oid } of await session.objects.list(session.base.tree)) {
    if (!mode.startsWith('100') || hidden(path) || total > TOTAL_LIMIT) continue
    const bytes = await session.objects.read(oid)
    if (bytes.length > FILE_LIMIT) continue
    total += bytes.length
    files.set(path, bytes)
    if (!bytes.includes(0)) texts.set(path, new TextDecoder().decode(session.redactor.redact(bytes).bytes))
  }
  return { files, texts }
}

/** The end of what a round's first red printed; for the next request. */
export function lastOutput(round: Round): string | null {
  const red = reds(round)[0]
  return red ? printed(red.execution).slice(-4000) : null
}
