import { homedir } from 'node:os'
import { FOLDERS } from '../../src/engine/core/bundle-layout/index.ts'
import { promptText } from '../../src/engine/core/context/messages.ts'
import { treeSitter } from '../../src/engine/evidence/syntax/tree-sitter.ts'
import { tracers } from '../../src/engine/evidence/tracers/index.generated.ts'
import { findBase } from '../../src/engine/flows/base/changes.ts'
import { hiddenFromProposers } from '../../src/engine/flows/base/session-rules.ts'
import { targetsOf } from '../../src/engine/flows/base/targets.ts'
import { allGreen, firstUndecided, measureTree } from '../../src/engine/flows/measure/index.ts'
import { proposerContext } from '../../src/engine/flows/propose/proposer-context.ts'
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

/** What a first request would be made of, in the same session as `git pp run` opens; a string where the base is not red. */
export async function localise(
  repo: Pick<Bed, 'dir' | 'env'>,
  bug: { readonly path: string; readonly line: number },
  command: string,
  how: { readonly trace: boolean; readonly hangAfter?: number },
): Promise<Localised | string> {
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
      const seen = await proposerContext(session, round, instruments)
      const context = seen.context(4_000)
      const at = seen.ranked.findIndex(
        ({ path, slice }) => path === bug.path && slice !== null && slice.start <= bug.line && bug.line <= slice.end,
      )
      const score = seen.ranked[at]?.score
      const trace = [...session.record].find(([name]) => name.endsWith('trace.json'))?.[1]
      const told = trace instanceof Uint8Array ? new TextDecoder().decode(trace) : '{}'
      const { kept, why } = JSON.parse(told) as { kept: boolean; why: string | null }
      return {
        rank: at < 0 ? null : at + 1,
        tied: seen.ranked.filter((one) => one.score === score).length - 1,
        shown: shows(context, bug.path, bug.line),
        tokens: Math.round(context.length / 3.6),
        promptCharacters: promptText({ command, context, earlier: [] }).length,
        traced: kept,
        why,
      }
    })
  })
}

function shows(context: string, path: string, line: number): boolean {
  const blocks = context.split(`\n${path}:\n<<<FILE `).slice(1)
  return blocks.some((block) => {
    const mark = block.split('\n')[0] ?? ''
    const inside = block.slice(0, block.indexOf(`>>>FILE ${mark}`))
    return new RegExp(`^[> ] *${line}\\| `, 'm').test(inside)
  })
}
