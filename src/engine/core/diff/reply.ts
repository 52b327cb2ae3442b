import type { Effort } from './align.ts'
import { carryOut } from './carry-out.ts'
import { collectDrafts } from './collect.ts'
import { type Files, type Outcome, Refuse } from './outcome.ts'

/** Longer replies are refused unread; a policy's limit on patches is far below. Characters. */
const MAX_REPLY = 2_000_000
const MAX_LINES = 100_000
/** Lines looked at while hunks are placed; some seconds at most. */
const MAX_EFFORT = 5_000_000

/**
 * What a model's reply does to the files: all of it or nothing. Reads unified and git diffs, codex patches, SEARCH/REPLACE
 * blocks, whole files and JSON around any of them, fenced or not; docs/diffs.md has the rules. Never guesses a place: what
 * has no single answer is refused with its reason. Touches only paths that it has checked.
 */
export function proposeEdits(reply: string, files: Files): Outcome {
  try {
    if (reply.length > MAX_REPLY)
      throw new Refuse('format', `The reply has ${reply.length} characters; at most ${MAX_REPLY} are read.`)
    if (linesOf(reply) > MAX_LINES) throw new Refuse('format', `The reply has more than ${MAX_LINES} lines.`)
    const effort: Effort = { left: MAX_EFFORT }
    return carryOut(collectDrafts(reply, new Set(files.list())), files, effort)
  } catch (error) {
    if (error instanceof Refuse) return error.refused
    throw error
  }
}

function linesOf(reply: string): number {
  let lines = 1
  for (let at = reply.indexOf('\n'); at >= 0; at = reply.indexOf('\n', at + 1)) lines += 1
  return lines
}
