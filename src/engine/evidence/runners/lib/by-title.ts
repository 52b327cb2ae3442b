import type { Command } from '../../../model/command.ts'
import type { TestCase } from '../../../model/evidence.ts'
import { anyTitle, callOf, hasOption, programAt } from './runner-call.ts'

interface TitleFilterRules {
  readonly program: RegExp
  /** Arguments that leave out whole files. */
  readonly files: (paths: readonly string[]) => readonly string[]
}

/** For jest and vitest, which run the tests whose full name a pattern matches; ids are 'file > suite > test', or a file alone. */
export function leaveOutByTitle(
  command: Command,
  tests: readonly TestCase[],
  { program, files }: TitleFilterRules,
): Command | null {
  const call = callOf(command)
  if (!call || programAt(call, program) === -1 || hasOption(call, '-t', '--testNamePattern')) return null
  const titles = tests.flatMap(({ id }) => id.split(' > ').slice(1).join(' > ') || [])
  const broken = tests.map(({ id }) => id).filter((id) => !id.includes(' > '))
  return call.add([
    ...(broken.length === 0 ? [] : files(broken)),
    ...(titles.length === 0 ? [] : ['-t', `^(?!${anyTitle(titles)})`]),
  ])
}

/** For the same runners. A file that could not be loaded has no title. */
export function selectByTitle(
  command: Command,
  tests: readonly TestCase[],
  { program }: Pick<TitleFilterRules, 'program'>,
): Command | null {
  const call = callOf(command)
  if (!call || programAt(call, program) === -1 || hasOption(call, '-t', '--testNamePattern')) return null
  const titles = tests.map(({ id }) => id.split(' > ').slice(1).join(' > '))
  return titles.includes('') ? null : call.add(['-t', `^${anyTitle(titles)}`])
}
