import * as z from 'zod'
import { firstWords } from '../../core/context/index.ts'
import { isOwnKeyVariable, RUN_MARK } from '../../core/environment/index.ts'
import { PpError } from '../../model/error.ts'
import type { AgentPreset, ProgramInput } from '../../ports/agent-preset.ts'
import type { ProposerHost } from '../../ports/proposer.ts'
import { findPreset } from '../presets/index.ts'

export const commandOptions = z.object({
  /** For `sh -c`, or the name of a preset. */
  command: z.string().min(1).optional(),
  /** The names of further variables that it gets, separated by blanks or commas. */
  'command-env': z.string().optional(),
  'command-home': z.string().optional(),
  /** Paths of includes that it gets a copy of, separated by blanks or commas. */
  'command-include': z.string().optional(),
  'command-input': z.string().optional(),
  /** In seconds. */
  'command-timeout': z.string().optional(),
})

/** A program that proposes, and how it is run. */
export interface ProposingCommand {
  /** For `sh -c`. */
  readonly line: string
  readonly preset: AgentPreset | null
  readonly input: ProgramInput
  /** Null: it has the time of the session. */
  readonly timeoutMs: number | null
  /** The includes that it gets besides dependency directories: paths from the top. */
  readonly include: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** True: it gets a home of its own, where that is possible. */
  readonly privateHome: boolean
}

const GIVEN = ['PATH', 'HOME', 'LANG', 'TERM', RUN_MARK]
/** What an agent needs besides to reach its model through a company's network, and to find its own settings. */
const GIVEN_AGENTS = [
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy'],
  ...['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'],
]

/** Null: no command is configured. Throws USAGE. */
export function proposingCommand(host: ProposerHost): ProposingCommand | null {
  const settings = commandOptions.parse(host.settings)
  const named = settings.command ?? host.env['PP_COMMAND']
  if (!named) return null
  const preset = findPreset(named.trim()) ?? null
  const further = wordsOf(settings['command-env'])
  const env: Record<string, string> = {}
  for (const name of [...GIVEN, ...(preset ? [...GIVEN_AGENTS, ...preset.env] : []), ...further]) {
    const value = host.env[name]
    if (value !== undefined && !isOwnKeyVariable(name)) env[name] = value
  }
  return {
    line: preset?.command ?? named,
    preset,
    input: inputOf(settings['command-input']) ?? preset?.input ?? 'json',
    timeoutMs: timeoutOf(settings['command-timeout']),
    include: wordsOf(settings['command-include']).map((path) => path.replace(/^\.\/|\/+$/g, '')),
    env,
    privateHome: isPrivate(settings['command-home'], preset),
  }
}

function isPrivate(text: string | undefined, preset: AgentPreset | null): boolean {
  if (text === undefined) return preset !== null
  if (text === 'private' || text === 'own') return text === 'private'
  throw new PpError('USAGE', `pp.command-home must be private or own, but is: ${firstWords(text, 40)}`, {
    mend: 'git config pp.command-home own',
  })
}

function wordsOf(text = ''): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}

function inputOf(text: string | undefined): ProgramInput | null {
  if (text === undefined) return null
  if (text === 'json' || text === 'prompt' || text === 'file') return text
  throw new PpError('USAGE', `pp.command-input must be json, prompt or file, but is: ${firstWords(text, 40)}`, {
    mend: 'git config pp.command-input prompt',
  })
}

function timeoutOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text) * 1000
  throw new PpError('USAGE', `pp.command-timeout must be a number of seconds, but is: ${firstWords(text, 40)}`, {
    mend: 'git config pp.command-timeout 600',
  })
}
