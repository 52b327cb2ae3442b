import picomatch from 'picomatch'
import type { Fix } from './projects.ts'

/** What is made of one fix, and asked of the tool. */
export const COLUMNS = ['fix', 'tests', 'product', 'weakened', 'agent'] as const
export type Column = (typeof COLUMNS)[number]

export const TITLES: Readonly<Record<Column, string>> = {
  fix: 'the fix with its tests',
  tests: 'its tests alone',
  product: 'its product part alone',
  weakened: 'half of it, its tests weakened until green',
  agent: '`run`, an agent that writes the fix',
}

/** Files that decide what is installed or run by itself: a change of one may be left to a person. */
const BY_THEMSELVES = picomatch(
  [
    '{package,package-lock,npm-shrinkwrap}.json',
    '{pnpm-lock.yaml,yarn.lock,Cargo.toml,Cargo.lock,go.mod,go.sum,pyproject.toml,setup.cfg,setup.py,tox.ini,uv.lock}',
    '{Makefile,CMakeLists.txt,Makefile.am,configure.ac}',
    '.{github,husky,vscode}/**',
  ].flatMap((glob) => [glob, `**/${glob}`]),
  { dot: true },
)

/** `git pp run` takes changes of at most so many files, unless a policy says otherwise. */
const MOST_FILES = 8

/** The verdicts that are right, from plain runs outside of the tool alone. */
export function expected(column: Column, fix: Fix, changed: readonly string[]): readonly string[] {
  const right = rightFor(column, fix)
  const brings = column !== 'tests' && column !== 'weakened' && changed.some((path) => BY_THEMSELVES(path))
  const large = column === 'agent' && changed.length > MOST_FILES
  return brings || large ? [right, 'DENIED'].flat() : [right].flat()
}

function rightFor(column: Column, fix: Fix): string | readonly string[] {
  switch (column) {
    case 'fix':
      return fix.baseTestsWithProduct === 'red' ? 'TESTS_CHANGED' : 'PROVED'
    case 'tests':
      return 'NOT_FIXED'
    case 'product':
      if (fix.base !== 'red') return 'NOT_RED'
      return fix.baseTestsWithProduct === 'green' ? 'PROVED' : 'NOT_FIXED'
    case 'weakened':
      return ['TESTS_CHANGED', 'NOT_FIXED', 'RIGGED']
    case 'agent':
      return 'PROVED'
  }
}
