import { isSourceFile } from '../paths/index.ts'
import type { JudgeClassifier } from './judge-classifier.ts'

/**
 * Whether a file that a command leaves would be loaded by a later test runner: it has the name of a test or of configuration,
 * and is code, or configuration that is no compiled file.
 */
export function couldBeLoaded(path: string, judgeOf: JudgeClassifier): boolean {
  const judge = judgeOf(path, { added: true })
  return judge === 'config' ? !/\.pyc$|\.(?:egg|dist)-info\//.test(path) : judge === 'test' && isSourceFile(path)
}

/**
 * Whether a judge holds data that tests compare with or store (snapshots, cassettes, databases, logs, golden files), and not
 * code or configuration that a runner loads.
 */
export function isDataJudge(path: string, judgeOf: JudgeClassifier): boolean {
  return judgeOf(path) === 'test' && !isSourceFile(path)
}
