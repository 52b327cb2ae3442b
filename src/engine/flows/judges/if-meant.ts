import { commandLineAgain } from '../../core/advice/index.ts'
import type { Session } from '../session/index.ts'

/** What to type, and what to commit, if the user intends to change these judges. */
export function intendedChangeHint(
  { typed, place, kind, targets }: Pick<Session, 'typed' | 'place' | 'kind' | 'targets'>,
  paths: readonly string[],
): string {
  const up = place.prefix === '' ? '' : '../'.repeat(place.prefix.split('/').length)
  const from = (path: string) =>
    place.prefix !== '' && path.startsWith(`${place.prefix}/`) ? path.slice(place.prefix.length + 1) : `${up}${path}`
  const [target] = targets
  const command = target && 'argv' in target.command ? target.command.argv : null
  const shell = target && 'shell' in target.command ? [target.command.shell] : []
  const words = typed ?? { options: [], words: shell, argv: command }
  const allow = paths.flatMap((path) => ['--allow', from(path)])
  const list = paths.map((path) => (/^[\w./-]+$/.test(path) ? path : JSON.stringify(path))).join(', ')
  return `if this is meant: ${commandLineAgain(kind === 'run' ? 'run' : 'prove', words, allow)}\nto allow it always, write in pp.yaml: policy: {tests: {allow: [${list}]}}`
}
