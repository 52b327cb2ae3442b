import { isSourceFile } from '../paths/index.ts'
import type { JudgeClassifier } from './judge-classifier.ts'

/**
 * Whether a judge holds data that tests compare with or store (snapshots, cassettes, databases, logs, golden files), and not
 * code or configuration that a runner loads.
 */
export function isDataJudge(path: string, judgeOf: JudgeClassifier): boolean {
  return judgeOf(path) === 'test' && !isSourceFile(path)
}
