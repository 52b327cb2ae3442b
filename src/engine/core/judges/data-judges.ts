import { isSourceFile } from '../paths/index.ts'
import type { JudgeClassifier } from './judge-classifier.ts'

/**
 * Whether a judge holds data that tests compare with or keep (snapshots, cassettes, databases, logs, golden files), in place
 * of what a runner loads as code or configuration.
 */
export function isDataJudge(path: string, judgeOf: JudgeClassifier): boolean {
  return judgeOf(path) === 'test' && !isSourceFile(path)
}
