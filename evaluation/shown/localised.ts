import { homedir } from 'node:os'
import { FOLDERS } from '../../src/engine/core/bundle-layout/index.ts'
import { promptText } from '../../src/engine/core/context/messages.ts'
import { treeSitter } from '../../src/engine/evidence/syntax/tree-sitter.ts'
import { tracers } from '../../src/engine/evidence/tracers/index.generated.ts'
import { findBase } from '../../src/engine/flows/base/changes.ts'
import { hiddenFromProposers } from '../../src/engine/flows/base/session-rules.ts'
import { targetsOf } from '../../src/engine/flows/base/targets.ts'
import { allGreen, firstUndecided, measureTree } from '../../src/engine/flows/measure/index.ts'
import { type ProposerContext, proposerContext } from '../../src/engine/flows/propose/proposer-context.ts'
import type { Caller, SessionOptions } from '../../src/engine/model/options.ts'
import { readPolicy } from '../../src/engine/wiring/policy.ts'
import { changeSource, withRepository } from '../../src/engine/wiring/repository.ts'
import { withSession } from '../../src/engine/wiring/session.ts'
import type { Bed } from './programs.ts'

/** One for all: its library must not begin twice at the same time. */
export const syntax = treeSitter()

/** How a bug at a known place was found. */
export interface Localised {
  /** Place of the buggy function among the ranked ones, from 1; null = not there. */
  readonly rank: number | null
  /** How many functions have the same score and come before it or after it. */
  readonly tied: number
  /** Whether the buggy line stands in a context of 4,000 tokens. */
  readonly shown: boolean
  readonly tokens: number
  readonly promptCharacters: number
  readonly traced: boolean
  /** Why it was not traced. */
  readonly why: string | null
  /** How many times the command ran more for the sake of the context. */
  readonly extraRuns: number
}

/** What trace.json says of a traced run; without a duration, there was none. */
interface TraceEntry {
  readonly kept: boolean
  readonly why: string | null
  readonly durationMs?: number
}

const OPTIONS: SessionOptions = {
  sandbox: 'none',
  network: 'allow',
  runs: 0,
  hangAfter: 20,
  include: [],
  env: [],
  keepWorktrees: false,
}

/** What a session finds out about a failure before it asks anybody. */
export interface FirstRequest {
  readonly ranked: ProposerContext['ranked']
  /** The body of a request of 4,000 tokens. */
  readonly context: string
  readonly traced: boolean
  readonly why: string | null
  /** How many times the command ran more for the sake of the context. */
  readonly extraRuns: number
}

/** The first request of the same session as `git pp run` opens; a string where the base is not red. */
export async function firstRequest(
  repo: Pick<Bed, 'dir' | 'env'>,
  command: string,
  how: { readonly trace: boolean; readonly hangAfter?: number },
): Promise<FirstRequest | string> {
  const options = { ...OPTIONS, hangAfter: how.hangAfter ?? 20 }
  const caller: Caller = {
    cwd: repo.dir,
    env: repo.env,
    home: repo.env['HOME'] ?? homedir(),
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    version: '0',
    node: process.execPath,
    signal: new AbortController().signal,
  }
  return withRepository(caller, async (openRepo) => {
    const { base, warnings } = await findBase(changeSource(openRepo), 'HEAD')
    const policy = await readPolicy(caller, openRepo.repository, base, options, 'default')
    const targets = targetsOf(policy, { shell: command }, options, '')
    const opening = { kind: 'run' as const, words: ['run'], base, policy, targets, options, alsoTree: null, warnings }
    return withSession(caller, openRepo, opening, { tell() {} }, async (session) => {
      const round = await measureTree(session, { tree: base.tree, step: { is: 'base' }, keep: FOLDERS.baseline })
      if (firstUndecided(round) || allGreen(round)) return round.measurements.map(({ reading }) => reading.is).join()
      const instruments = { hidden: hiddenFromProposers(policy), tracers: how.trace ? tracers : [] }
      const { ranked, context } = await proposerContext(session, round, instruments)
      const trace = [...session.record].find(([name]) => name.endsWith('trace.json'))?.[1]
      const told = trace instanceof Uint8Array ? new TextDecoder().decode(trace) : '{}'
      const { kept, why, durationMs, tests } = JSON.parse(told) as TraceEntry & { readonly tests?: TraceEntry }
      const extraRuns = [durationMs, tests?.durationMs].filter((one) => one !== undefined).length
      return { ranked, context: context(4_000), traced: kept, why, extraRuns }
    })
  })
}

/** Where a bug of one line comes in the first request; a string where the base is not red. */
export async function localise(
  repo: Pick<Bed, 'dir' | 'env'>,
  bug: { readonly path: string; readonly line: number },
  command: string,
  how: { readonly trace: boolean; readonly hangAfter?: number },
): Promise<Localised | string> {
  const seen = await firstRequest(repo, command, how)
  if (typeof seen === 'string') return seen
  const { ranked, context, traced, why, extraRuns } = seen
  const at = ranked.findIndex(
    ({ path, slice }) => path === bug.path && slice !== null && slice.start <= bug.line && bug.line <= slice.end,
  )
  const score = ranked[at]?.score
  return {
    rank: at < 0 ? null : at + 1,
    tied: ranked.filter((one) => one.score === score).length - 1,
    shown: shows(context, bug.path, bug.line),
    tokens: tokensOf(context),
    promptCharacters: promptText({ command, context, earlier: [] }).length,
    ...{ traced, why, extraRuns },
  }
}

export function tokensOf(context: string): number {
  return Math.round(context.length / 3.6)
}

/** Whether a line of a product file stands in a request. */
export function shows(context: string, path: string, line: number): boolean {
  const blocks = context.split(`\n${path}:\n<<<FILE `).slice(1)
  return blocks.some((block) => {
    const mark = block.split('\n')[0] ?? ''
    const inside = block.slice(0, block.indexOf(`>>>FILE ${mark}`))
    return new RegExp(`^[> ] *${line}\\| `, 'm').test(inside)
  })
}
