import { shellWord } from '../../model/command.ts'
import { type DoctorFinding, noteFinding, okFinding } from '../../model/doctor.ts'
import { isWeakSecret, secretsInVariables } from '../redact/index.ts'

/** Git's configuration: key as git prints it → its values in order, with the scope that each value comes from. */
export type GitSettings = ReadonlyMap<string, readonly { readonly value: string; readonly scope: string }[]>

/** The refs of proofs, attempts and snapshots of uncommitted work. */
const OURS = ['refs/pp/', 'refs/notes/pp/', 'refs/notes/pp-local/'] as const
/** One ref of each kind, to test globs with. */
const SAMPLES = ['refs/notes/pp/bundles', 'refs/notes/pp/attestations', 'refs/notes/pp/index']

/**
 * Reports settings with which other git commands send, delete, copy or show refs of git pp, and secrets that output may show.
 * `words`: values of variables that are words of the tracked files.
 */
export function exposingSettings(
  settings: GitSettings,
  env: Readonly<Record<string, string | undefined>>,
  words: ReadonlySet<string> = new Set(),
): readonly DoctorFinding[] {
  const found = [
    ...remotes(settings),
    ...displayed(settings, env, 'notes.displayref', 'GIT_NOTES_DISPLAY_REF', 'git log shows bundles, up to 1 MiB each'),
    ...displayed(
      settings,
      env,
      'notes.rewriteref',
      'GIT_NOTES_REWRITE_REF',
      'git commit --amend and git rebase copy proofs to commits that they do not prove',
    ),
    ...decorations(settings),
    ...hidden(settings),
    ...weak(env, words),
  ]
  return found.length > 0 ? found : [okFinding('no setting sends, deletes, copies or shows refs of git pp')]
}

function remotes(settings: GitSettings): readonly DoctorFinding[] {
  return [...settings].flatMap(([key, values]): DoctorFinding[] => {
    const [, name, what] = /^remote\.(.+)\.(mirror|push|fetch)$/s.exec(key) ?? []
    if (name === undefined) return []
    if (what === 'mirror') return isTrue(values.at(-1)?.value) ? [mirror(name)] : []
    const plain = values.map(({ value }) => value)
    const side = what === 'push' ? 'source' : 'destination'
    const [first] = plain.filter((spec) => !spec.startsWith('^') && OURS.some((ref) => meets(sideOf(spec, side), ref)))
    const spared = OURS.filter((ref) => !plain.some((spec) => spec.startsWith('^') && meets(spec.slice(1), ref)))
    if (first === undefined || spared.length === 0) return []
    const mend = spared.map((ref) => `git config --add remote.${shellWord(name)}.${what} '^${ref}*'`).join(' && ')
    const does =
      what === 'push'
        ? `with the refspec ${first}, git push ${name} sends proofs, attempts and snapshots of uncommitted work, with the whole history of your notes`
        : `with the refspec ${first}, git fetch ${name} overwrites refs of git pp, and deletes them with --prune`
    return [noteFinding(does, mend)]
  })
}

function mirror(name: string): DoctorFinding {
  const does = `git push ${name} mirrors this repository: it sends all of refs/pp and refs/notes/pp, with snapshots of uncommitted work, and deletes the proofs that others pushed there`
  return noteFinding(does, `git config --unset-all remote.${shellWord(name)}.mirror`)
}

/** One side of a refspec; a spec without a colon has the same name on both sides. */
function sideOf(spec: string, side: 'source' | 'destination'): string {
  const [source = '', destination] = spec.replace(/^\+/, '').split(':')
  return side === 'source' || destination === undefined ? source : destination
}

/** Whether a pattern of a refspec (with at most one `*`) matches `ref` or something below it. */
function meets(pattern: string, ref: string): boolean {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return before.startsWith(ref)
  return before.startsWith(ref) || ref.startsWith(before)
}

function displayed(
  settings: GitSettings,
  env: Readonly<Record<string, string | undefined>>,
  key: string,
  variable: string,
  does: string,
): readonly DoctorFinding[] {
  const name = key.replace('ref', 'Ref')
  const configured = (settings.get(key) ?? []).flatMap(({ value, scope }): DoctorFinding[] => {
    if (!showsOurs(value)) return []
    const where =
      scope === 'command' ? null : `git config --${scope} --fixed-value --unset-all ${name} ${shellWord(value)}`
    return [noteFinding(`${does}: ${name} is ${value}`, where)]
  })
  const exported = (env[variable] ?? '').split(':').some((glob) => glob !== '' && showsOurs(glob))
  return exported
    ? [...configured, noteFinding(`${does}: ${variable} is ${env[variable]}`, `unset ${variable}`)]
    : configured
}

/**
 * Whether a glob matches refs of ours that are not meant to be shown. The summary is meant to be shown: it is text for
 * people.
 */
function showsOurs(glob: string): boolean {
  const full = glob.startsWith('refs/') ? glob : `refs/${glob}`
  const pattern = globOf(full)
  return SAMPLES.some((ref) => pattern.test(ref))
}

/** wildmatch as git uses it here: `*` also matches '/'. */
function globOf(glob: string): RegExp {
  const parts = glob.match(/\[[^\]]+\]|[\s\S]/g) ?? []
  const source = parts.map((part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (part.length > 1 && part.startsWith('['))
      return `[${part.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`
    return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
  try {
    return new RegExp(`^${source.join('')}$`)
  } catch {
    return /$^/
  }
}

/** Secrets that redaction can find only by the name before them. They are reported by name, never by value. */
function weak(env: Readonly<Record<string, string | undefined>>, words: ReadonlySet<string>): readonly DoctorFinding[] {
  const names = [
    ...new Set(secretsInVariables(env).flatMap((secret) => (isWeakSecret(secret, words) ? [secret.name] : []))),
  ].sort()
  if (names.length === 0) return []
  const text =
    'the value is shorter than 8 characters, a common word or a word of the tracked files, so it is masked in output only directly after the name of the variable'
  return [noteFinding(`${names.join(', ')}: ${text}`)]
}

function decorations(settings: GitSettings): readonly DoctorFinding[] {
  const all = settings.get('log.initialdecorationset')?.at(-1)?.value === 'all'
  const excluded = (settings.get('log.excludedecoration') ?? []).some(({ value }) => meets(value, OURS[0]))
  if (!all || excluded) return []
  return [
    noteFinding(
      'git log --decorate shows refs of git pp beside commits, because log.initialDecorationSet is all',
      "git config --add log.excludeDecoration 'refs/pp/*'",
    ),
  ]
}

function hidden(settings: GitSettings): readonly DoctorFinding[] {
  return ['transfer.hiderefs', 'uploadpack.hiderefs'].flatMap((key) => {
    const values = (settings.get(key) ?? []).map(({ value }) => value)
    const name = key.replace('refs', 'Refs').replace('uploadpack', 'uploadpack')
    const shut = OURS.slice(0, 2).filter((ref) => isHidden(values, ref))
    if (shut.length === 0) return []
    const mend = shut.map((ref) => `git config --add ${name} '!${ref.slice(0, -1)}'`).join(' && ')
    return [
      noteFinding(
        `nobody who fetches from this repository gets its proofs, because ${name} hides ${shut.join(' and ')}`,
        mend,
      ),
    ]
  })
}

/** The last value that names a ref, or a part of its path, decides. */
function isHidden(values: readonly string[], ref: string): boolean {
  const last = values.findLast((value) => `${ref}/`.startsWith(`${value.replace(/^!?\^?/, '').replace(/\/$/, '')}/`))
  return last !== undefined && !last.startsWith('!')
}

function isTrue(value: string | undefined): boolean {
  return /^(?:true|yes|on|1)$/i.test(value ?? '')
}
