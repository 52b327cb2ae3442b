import { randomUUID } from 'node:crypto'
import { lstatSync, readFileSync } from 'node:fs'
import { lstat, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type ProjectSurvey, policyText, suggestPolicy } from '../core/init/index.ts'
import { upwardsFrom } from '../core/paths/index.ts'
import { POLICY_NAMES, parsePolicy, policiesIn } from '../core/policy/index.ts'
import { PpError } from '../model/error.ts'
import type { Caller, InitOptions, InitResult } from '../model/options.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import { withRepository } from '../wiring/index.ts'

const [NAME] = POLICY_NAMES
/** In bytes. Larger files do not help to find out how a project is tested. */
const MOST_BYTES = 256 * 1024

/**
 * Writes a policy for the project in the caller's directory. It only reads files; nothing of the project is run. Throws
 * USAGE.
 */
export function init(caller: Caller, { force, dryRun }: InitOptions): Promise<InitResult> {
  return withRepository(caller, async ({ repository }) => {
    const { top, prefix } = repository.place
    const dir = join(top, prefix)
    if (!dryRun) await assertFree(dir, force)
    const survey = surveyOf(repository.place, dir, await repository.files(prefix))
    const suggestion = suggestPolicy(survey)
    const { main, others } = suggestion
    const text = policyText(suggestion)
    const parsed = parsePolicy(text, { file: NAME, format: 'yaml' })
    if (!parsed.ok) throw new PpError('INTERNAL', `the generated policy is invalid: ${parsed.problems[0]?.message}`)
    const file = join(dir, NAME)
    if (!dryRun) await write(file, text, force)
    return {
      file: relative(top, file),
      text,
      written: !dryRun,
      runner: main?.runner ?? null,
      targets: (parsed.value.proof_targets ?? []).map(({ name, cmd }) => ({ name, cmd: cmd ?? '' })),
      others: others.map(({ runner }) => runner),
      above: await above(top, prefix),
    }
  })
}

/** An existing policy is not overwritten without `force`, because somebody decided on it. */
async function assertFree(dir: string, force: boolean): Promise<void> {
  for (const name of POLICY_NAMES) {
    const facts = await lstat(join(dir, name)).catch(() => null)
    if (facts === null || (force && name === NAME && facts.isFile())) continue
    const mend =
      name === NAME && facts.isFile()
        ? 'git pp init --force replaces it; git pp init -n only prints a new one'
        : `git mv ${name} old-${name}`
    throw new PpError('USAGE', `there is already a policy: ${name}`, { mend })
  }
}

/** Never writes through a link. With `force` it writes all or nothing, because a crash must not destroy a policy. */
async function write(file: string, text: string, force: boolean): Promise<void> {
  const made = force ? `${file}.${randomUUID()}` : file
  try {
    await writeFile(made, text, { flag: 'wx' })
    if (force) await rename(made, file)
  } catch (cause) {
    throw new PpError('DISK_FAILED', `cannot write ${file}: ${(cause as Error).message}`, { cause })
  }
}

/** The policy of a directory above, which no longer counts here. */
async function above(top: string, prefix: string): Promise<string | null> {
  const [, ...above] = upwardsFrom(prefix)
  for (const path of above.flatMap(policiesIn)) if (await lstat(join(top, path)).catch(() => null)) return path
  return null
}

function surveyOf({ top }: RepositoryPaths, dir: string, files: readonly string[]): ProjectSurvey {
  const facts = (path: string) => lstatSync(path, { throwIfNoEntry: false })
  return {
    files,
    text(path) {
      const full = join(dir, path)
      const found = facts(full)
      return found?.isFile() && found.size <= MOST_BYTES ? readFileSync(full, 'utf8') : null
    },
    installed(path) {
      for (let at = dir; ; at = dirname(at)) {
        if (facts(join(at, path))) return relative(dir, join(at, path))
        if (at === top || at === dirname(at)) return null
      }
    },
  }
}
