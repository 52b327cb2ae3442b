import { TRAILER_KEY } from '../../core/attest/index.ts'
import { exposingSettings, type GitSettings } from '../../core/doctor/index.ts'
import { unreadKeys } from '../../core/policy/index.ts'
import { secretsInVariables } from '../../core/redact/index.ts'
import { shellWord } from '../../model/command.ts'
import {
  AREAS,
  type DoctorArea,
  type DoctorCheck,
  type DoctorFinding,
  noteFinding,
  okFinding,
} from '../../model/doctor.ts'
import { PpError } from '../../model/error.ts'
import type { Caller } from '../../model/options.ts'
import type { Reporter } from '../../ports/reporter.ts'
import {
  type OpenRepository,
  proposerKeys,
  trackedWords,
  WORKTREE_KEYS,
  withRepository,
  withScratchDirectory,
  wordsAmong,
} from '../../wiring/index.ts'
import { type BaseWithPolicy, findBaseAndPolicy } from '../base-and-policy.ts'
import { commandChecks } from './commands.ts'
import { clockCheck, leftoverCheck, spaceCheck } from './machine.ts'
import { providerChecks } from './providers.ts'
import { chosenSandboxCheck, probeChecks } from './sandboxes.ts'

const NOTHING_TYPED = { include: [], env: [], keepWorktrees: false }

/**
 * Checks everything that a session needs. It contacts only the configured provider, and tells `reporter` before. It starts
 * programs of the project only inside of the sandbox. It removes nothing.
 */
export async function doctor(caller: Caller, reporter: Reporter): Promise<readonly DoctorCheck[]> {
  const checks: DoctorCheck[] = []
  const look = looker(checks, reporter)
  const whole = await look('git', () =>
    withRepository(caller, (openRepo) => inRepository(caller, openRepo, reporter, look)),
  )
  // Without a repository, only the machine can be checked.
  if (whole === null)
    await look('sandbox', () =>
      withScratchDirectory(caller, ({ scratch, id }) => probeChecks(caller, caller.cwd, scratch, id)),
    )
  return checks.toSorted((a, b) => AREAS.indexOf(a.area) - AREAS.indexOf(b.area))
}

/** Checks one area; null if that was not possible, which is reported as a problem of its own. */
type AreaCheck = (
  area: DoctorArea,
  at: () => Promise<readonly DoctorFinding[]>,
) => Promise<readonly DoctorFinding[] | null>

function looker(checks: DoctorCheck[], reporter: Reporter): AreaCheck {
  return async (area, at) => {
    reporter.tell({ is: 'phase', name: 'looking at', detail: area })
    try {
      const found = await at()
      checks.push(...found.map((one) => ({ area, ...one })))
      return found
    } catch (error) {
      if (!(error instanceof PpError) || error.code === 'INTERRUPTED' || error.code === 'TERMINATED') throw error
      checks.push({ area, level: 'problem', text: error.message, mend: error.mend ?? null, code: error.code })
      return null
    }
  }
}

async function inRepository(
  caller: Caller,
  openRepo: OpenRepository,
  reporter: Reporter,
  look: AreaCheck,
): Promise<readonly DoctorFinding[]> {
  const { repository } = openRepo
  let begun: BaseWithPolicy | null = null
  await look('policy', async () => {
    begun = await findBaseAndPolicy(caller, openRepo, NOTHING_TYPED)
    return [
      ...policyChecks(begun, caller),
      ...keyChecks(await repository.config('pp.'), [...(await proposerKeys()), TRAILER_KEY, ...WORKTREE_KEYS]),
    ]
  })
  await look('sandbox', () => probeChecks(caller, repository.place.top, openRepo.scratch, openRepo.id))
  if (begun !== null) await withPolicy(caller, openRepo, begun, reporter, look)
  await look('clock', () => clockCheck(openRepo))
  await look('disk', () => spaceCheck(caller, openRepo))
  await look('leftovers', () => leftoverCheck(caller, openRepo))
  await look('exposure', async () =>
    exposingSettings(await repository.config(), caller.env, await weakWords(caller, repository, begun)),
  )
  return gitChecks(openRepo)
}

/** The values of secret variables that are words of the tracked files. */
async function weakWords(
  { env }: Caller,
  repository: OpenRepository['repository'],
  begun: BaseWithPolicy | null,
): Promise<ReadonlySet<string>> {
  return begun === null ? new Set() : wordsAmong(secretsInVariables(env), trackedWords(repository, begun.base))
}

async function withPolicy(
  caller: Caller,
  openRepo: OpenRepository,
  begun: BaseWithPolicy,
  reporter: Reporter,
  look: AreaCheck,
): Promise<void> {
  await look('sandbox', async () => {
    const { sandbox, checks } = await chosenSandboxCheck(caller, openRepo, begun.policy)
    await look('command', () => commandChecks(caller, openRepo, begun, sandbox))
    return checks
  })
  const contacts = (what: string) => reporter.tell({ is: 'warning', text: `asking the provider: ${what}` })
  for (const kind of begun.policy.provider)
    await look('provider', () => providerChecks(caller, openRepo, kind, contacts))
}

async function gitChecks({ repository }: OpenRepository): Promise<readonly DoctorFinding[]> {
  const { place, version } = repository
  const { shallow, promisor, sparse } = await repository.facts()
  const form = [
    place.gitDir === place.commonDir ? 'a work tree' : 'a linked work tree',
    place.objectFormat,
    ...(sparse ? ['sparse'] : []),
  ]
  const deepen = promisor === null ? null : `git fetch --refetch --no-filter ${shellWord(promisor)}`
  return [
    okFinding(version),
    okFinding(`${place.top}: ${form.join(', ')}`),
    ...(shallow
      ? [
          noteFinding(
            'this is a shallow clone: older commits cannot be a base, and verify may miss commits that it needs',
            'git fetch --unshallow',
          ),
        ]
      : []),
    ...(promisor === null
      ? []
      : [
          noteFinding(
            `this is a partial clone of ${promisor}: git pp never fetches missing objects, and a session that needs one ends`,
            deepen,
          ),
        ]),
  ]
}

/** A mistyped key has no effect, although its author believes that it has. */
function keyChecks(config: GitSettings, others: readonly string[]): readonly DoctorFinding[] {
  return unreadKeys([...config.keys()], others).map(({ name, near }) => {
    const scope = config.get(name)?.at(-1)?.scope
    const meant = near === null ? '' : `; did you mean ${near}?`
    return noteFinding(
      `git config ${name}: git pp has no such setting, so it has no effect${meant}`,
      scope === undefined || scope === 'command' ? null : `git config --${scope} --unset-all ${shellWord(name)}`,
    )
  })
}

function policyChecks({ policy, base, warnings }: BaseWithPolicy, { env }: Caller): readonly DoctorFinding[] {
  const from = base.snapshot ? 'your uncommitted work' : 'HEAD'
  const files = policy.files.map(({ path }) => path).join(', ')
  const unset = policy.env.allow.filter((name) => env[name] === undefined)
  return [
    files === ''
      ? noteFinding('there is no policy file, so the defaults apply', 'git pp init')
      : okFinding(`${files} of ${from} is valid`),
    ...(policy.targets.length > 0
      ? []
      : [
          noteFinding(
            'the policy has no target, so git pp run needs a COMMAND',
            files === '' ? 'git pp run "COMMAND"' : null,
          ),
        ]),
    ...unset.map((name) =>
      noteFinding(`env.allow of the policy names the variable ${name}, which is not set`, `export ${name}=VALUE`),
    ),
    ...warnings.map((text) => noteFinding(text)),
  ]
}
