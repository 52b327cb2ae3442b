import { isSourceFile } from '../paths/index.ts'
import type { TrackedFileLookup } from './tracked-files.ts'
import type { Part } from './what-call-runs.ts'

/** The tracked sources of a program that a makefile builds. */
export function compiledFrom(
  program: string,
  parts: readonly Part[],
  tracked: TrackedFileLookup,
  cwd: string,
): readonly string[] {
  const name = plain(program)
  const sources = new Set<string>()
  const seen = new Set<string>()
  const visit = (target: string): void => {
    if (seen.has(target)) return
    seen.add(target)
    for (const { made, simples } of parts) {
      const builds = simples.filter(({ words }) => isOutput(words, target))
      const words = made?.target === target ? made.from : []
      for (const word of [...words, ...builds.flatMap((simple) => simple.words.slice(1))]) {
        for (const path of tracked.find(word, { cwd, dir: '' })) if (isSourceFile(path)) sources.add(path)
        visit(plain(word))
      }
    }
  }
  visit(name)
  return [...sources]
}

function isOutput(words: readonly string[], target: string): boolean {
  return words.some((word, at) => (word === '-o' && plain(words[at + 1] ?? '') === target) || word === `-o${target}`)
}

const plain = (path: string): string => path.replace(/^(?:\.\/)+/, '')
