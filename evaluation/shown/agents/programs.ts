import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How a real agent is started once, on a model at `url`, without asking anybody. */
export interface AgentProgram {
  readonly name: string
  /** The package and the version that was tried. */
  readonly from: string
  readonly argv: (prompt: string) => readonly string[]
  readonly env: (url: string) => Readonly<Record<string, string>>
  /** Files of its home, which name the model where no variable can. */
  readonly home: (url: string) => Readonly<Record<string, string>>
  /** True: what it says without a login is said by its own server, or it needs none; then that is not tried. */
  readonly loginUntold?: true
  /**
   * Files with which its user allows it to run node and git; absent: it may anyway, null: no file can say so.
   */
  readonly allowing?: Readonly<Record<string, string>> | null
}

/** The model is the scripted one; each agent trusts the folder and the hook for this one call, as its user would have said. */
export const PROGRAMS: readonly AgentProgram[] = [
  {
    name: 'claude',
    from: '@anthropic-ai/claude-code@2.1.197',
    argv: (prompt) => ['claude', '-p', prompt, '--allowedTools', 'Bash', '--model', 'claude-sonnet-4-5'],
    env: (url) => ({
      ...{ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'k', DISABLE_AUTOUPDATER: '1' },
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }),
    home: () => ({}),
    allowing: { '.claude/settings.json': '{"permissions":{"allow":["Bash(node:*)","Bash(git:*)"]}}\n' },
  },
  {
    name: 'codex',
    from: '@openai/codex@0.171.0',
    loginUntold: true,
    argv: (prompt) => [
      ...['codex', 'exec', '--trust', '--dangerously-bypass-hook-trust'],
      ...['--dangerously-bypass-approvals-and-sandbox', prompt],
    ],
    env: () => ({ SCRIPTED_KEY: 'k' }),
    home: (url) => ({
      '.codex/config.toml': [
        ...['model = "scripted"', 'model_provider = "scripted"', '[model_providers.scripted]', 'name = "scripted"'],
        ...[`base_url = "${url}/v1"`, 'wire_api = "responses"', 'env_key = "SCRIPTED_KEY"', ''],
      ].join('\n'),
    }),
  },
  {
    name: 'gemini',
    from: '@google/gemini-cli@0.61.0',
    argv: (prompt) => ['gemini', '-p', prompt, '--yolo', '-m', 'gemini-2.5-pro'],
    env: (url) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: 'k', GEMINI_CLI_TRUST_WORKSPACE: 'true' }),
    home: () => ({ '.gemini/settings.json': '{"security":{"auth":{"selectedType":"gemini-api-key"}}}\n' }),
    allowing: {
      '.gemini/settings.json':
        '{"security":{"auth":{"selectedType":"gemini-api-key"}},"tools":{"allowed":["run_shell_command(node)","run_shell_command(git)"]}}\n',
    },
  },
  {
    name: 'copilot',
    from: '@github/copilot@1.0.102',
    argv: (prompt) => ['copilot', '-p', prompt, '--allow-all-tools', '--trust-folder'],
    env: (url) => ({
      ...{ COPILOT_PROVIDER_BASE_URL: `${url}/v1`, COPILOT_PROVIDER_API_KEY: 'k' },
      ...{ COPILOT_MODEL: 'scripted', COPILOT_OFFLINE: 'true' },
    }),
    home: () => ({}),
    allowing: null,
  },
]

/** Those that can be asked for edits; `opencode run` does not wait for a gate. */
export const PROPOSING: readonly AgentProgram[] = [
  ...PROGRAMS,
  {
    name: 'opencode',
    from: 'opencode-ai@1.18.33',
    loginUntold: true,
    argv: (prompt) => ['opencode', 'run', prompt],
    env: () => ({ OPENCODE_DISABLE_MODELS_FETCH: '1' }),
    home: (url) => ({
      '.config/opencode/opencode.json': JSON.stringify({
        model: 'scripted/scripted',
        provider: {
          scripted: {
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: `${url}/v1`, apiKey: 'k' },
            models: { scripted: { name: 'scripted' } },
          },
        },
      }),
    }),
  },
]

/** Installs agents once below a folder; the folder of their programs. */
export function installAgents(folder: string, programs = PROGRAMS): string {
  const bin = join(folder, 'node_modules', '.bin')
  if (programs.every(({ name }) => existsSync(join(bin, name)))) return bin
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{}\n')
  const packages = programs.map(({ from }) => from)
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder, stdio: 'inherit' })
  return bin
}
