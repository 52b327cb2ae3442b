import { isSourceFile } from '../paths/index.ts'
import type { JudgeOf } from './judge-of.ts'

/**
 * Whether a judge holds data that tests compare with or keep (snapshots, cassettes, databases, logs, golden files), in place
 * of what a runner loads as code or configuration.
 */
export function holdsData(path: string, judgeOf: JudgeOf): boolean {
  return judgeOf(path) === 'test' && !isSourceFile(path)
}
