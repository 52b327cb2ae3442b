import { PROPOSERS } from '../../model/kinds.generated.ts'
import { DEFAULT_LIMITS } from '../../model/policy-values.ts'
import type { DetectedRunner } from './project-survey.ts'
import type { PolicySuggestion } from './suggest-policy.ts'

/** The policy file for a suggestion, with every line explained. Text that comes from the project is quoted, in comments too. */
export function policyText(suggestion: PolicySuggestion): string {
  return [
    HEAD,
    ...targets(suggestion),
    RULES,
    ...writes(suggestion),
    LIMITS,
    ...tests(suggestion),
    ...verify(suggestion),
    ...worktree(suggestion),
    TAIL,
    '',
  ]
    .flat()
    .join('\n')
}

const HEAD = `# What git pp may do here. The policy is read from the commit that a session starts from, never from a patched tree, and
# no change can write it. git pp doctor checks it; git help pp has the rest.
`

const quoted = (text: string) => JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u2029\ufeff]/g, escaped)
const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

function named(name: string, cmd: string): string {
  return `{name: ${name}, cmd: ${quoted(cmd)}}`
}

function targets({ main, others }: PolicySuggestion): readonly string[] {
  const head =
    '# Commands that must pass. Each is one line for sh -c and runs in the directory of this file. They may always be typed, too.'
  if (main === null)
    return [
      head,
      '# No test runner was recognised: write your own command here.',
      '# proof_targets:',
      `#   - ${named('unit', 'make test')}`,
      '',
    ]
  const more = others.map((one) => `  # - ${named(slug(one.runner), one.cmd)}`)
  return [
    head,
    'proof_targets:',
    `  # Recognised as ${main.runner}: ${quoted(main.because)}`,
    `  - ${named('unit', main.cmd)}`,
    ...(more.length > 0 ? ['  # Also found. Remove the # to require these, too:', ...more] : []),
    '',
  ]
}

function slug(runner: string): string {
  return runner.replace(/[^\w.-]+/g, '-')
}

const RULES = `policy:
  # Commands can reach loopback and nothing else. "allow" opens the network, and every proof says so.
  network: deny

  # Limits which commands may be typed after git pp run. Without it, all may. " *" at the end stands for further plain words.
  # allowed_commands: ["make test *"]
`

function writes({ writable }: PolicySuggestion): readonly string[] {
  return [
    '  # Paths that a change may touch: directories with sources or tests. Tests are listed so that a change may bring its own;',
    '  # the existing tests still decide about it. "**" stands for everything.',
    ...(writable.length === 0
      ? ['  # write_allowlist: ["src/**"]']
      : ['  write_allowlist:', ...writable.map((glob) => `    - ${quoted(glob)}`)]),
    '  # Paths that a change may not touch, whatever the list above says. Files of git, the policy, CI, lock files and build',
    '  # scripts are always denied.',
    '  deny_write: ["**/.env", "**/.env.*", "**/secrets/**"]',
    '',
  ]
}

const LIMITS = `  # Limits that are written here also apply to git pp prove. The values below are the defaults of git pp run.
  limits:
    # Patches that are tried in one session.
    max_attempts: ${DEFAULT_LIMITS.max_attempts}
    # Seconds for one run of a command. A run that takes longer decides nothing.
    per_command_timeout_sec: ${DEFAULT_LIMITS.per_command_timeout_sec}
    # Files that a change may touch, and bytes of its patch.
    # max_files_changed: ${DEFAULT_LIMITS.max_files_changed}
    # max_patch_bytes: ${DEFAULT_LIMITS.max_patch_bytes}
    # Seconds for the whole session.
    # session_timeout_sec: ${DEFAULT_LIMITS.session_timeout_sec}
    # Tokens that a model may use, in and out, and seconds for the built-in search.
    # max_model_tokens: ${DEFAULT_LIMITS.max_model_tokens}
    # search_seconds: ${DEFAULT_LIMITS.search_seconds}
`

function tests({ judges }: PolicySuggestion): readonly string[] {
  return [
    '  tests:',
    '    # With true, a change may turn the command green by changing tests. The proof then lists these tests.',
    '    allow_changes: false',
    '    # Tests and test helpers that git pp cannot recognise by name. It knows test directories, test_*.py, *.test.js and the like.',
    judges.length === 0 ? '    # patterns: ["checks/**"]' : `    patterns: [${judges.map(quoted).join(', ')}]`,
    '',
  ]
}

function verify({ main }: PolicySuggestion): readonly string[] {
  const also = (main?.also ?? []).map((cmd, at) => `    #   - ${named(at === 0 ? 'lint' : `lint-${at + 1}`, cmd)}`)
  return [
    '  verify:',
    '    # Pairs of runs, without and with the change. auto means 3 pairs if a run takes up to 10 s, 2 up to 60 s, else 1.',
    '    # With 0 or 1, git pp does not check that an added failing test fails, and the proof says so.',
    '    runs: auto',
    '    # Further commands that must pass on the final tree. No proposer sees them.',
    '    # also:',
    ...(also.length > 0 ? also : [`    #   - ${named('lint', 'make lint')}`]),
    '',
  ]
}

function worktree({ main, include }: PolicySuggestion): readonly string[] {
  return [
    '  # Files that commands need and git does not track. .venv, venv, node_modules, vendor and .tox are included without being',
    '  # named. They are read from your checkout and never written.',
    ...(include.length === 0
      ? ['  # worktree:', '  #   include: [".cache/fixtures"]']
      : ['  worktree:', `    include: [${include.map(quoted).join(', ')}]`]),
    ...setup(main, include.length === 0 ? '  #   ' : '    # '),
    '',
  ]
}

/** Only suggested, because it runs install scripts of others with network access. */
function setup(main: DetectedRunner | null, indent: string): readonly string[] {
  return [
    `${indent}# Or install them with a command that runs once, on the base, before any patch. It needs the network:`,
    `${indent}setup: ${quoted(main?.setup ?? 'make deps')}`,
    `${indent}setup_network: allow`,
  ]
}

const PROVIDERS = PROPOSERS.flatMap(({ kind, offered, note }) =>
  offered === null ? [] : [note === null ? kind : `${kind} (${note})`],
).join(', ')

const TAIL = `  # Environment variables that commands see, besides PATH, HOME, LANG and the like. Write names only, never values.
  # env: {allow: [DATABASE_URL]}

  # auto takes the strongest sandbox that works here; a container needs an image.
  # sandbox: {backend: auto, memory_limit: "2g"}

# Who proposes patches, in this order: ${PROVIDERS}.
# provider: [search]`
