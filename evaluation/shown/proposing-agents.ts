import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import command from '../../src/engine/proposers/command.ts'
import { BROKEN, requestFor } from '../../test/unit/proposers/request.ts'
import { type AgentProgram, installAgents, PROPOSING } from './agents/programs.ts'
import { HOMES, lay, type Proposed, proposed } from './agents/proposed.ts'
import { PROPOSING_SCENARIOS, type ProposingScenario } from './agents/proposing-scenarios.ts'
import { scriptedModel } from './agents/scripted-model.ts'

/**
 * Real agents as proposers, on a model that follows a script. The first table is of `git pp run` in a repository whose tests need
 * a package beside the tree: what it comes to in each scenario. The second is of a tree that holds hooks and servers for agents:
 * whether the edit comes back, and whether anything of the tree ran; in its control, the same files are put into the copy by
 * hand, and the agent is started with everything allowed. Status 1 where a row is not as it should be.
 * usage: npm run shown -- proposing-agents; alone: npx tsx evaluation/shown/proposing-agents.ts [--agents DIR] [--agent NAME]
 * [--only TEXT]; DIR: where the agents are installed from npm, or are already (some 1 GB); NAME: only this one; TEXT: only
 * scenarios whose names hold it
 */
const option = (name: string, fallback: string) => process.argv[process.argv.indexOf(name) + 1 || -1] ?? fallback
const programs = installAgents(option('--agents', join(tmpdir(), 'pp-agents')), PROPOSING)
const [wanted, only] = [option('--agent', ''), option('--only', '')]
const asked = PROPOSING.filter(({ name }) => wanted === '' || name === wanted)
const STEPS = [{ path: 'calc.py', replace: 'a - b', by: 'a + b' }, { say: 'The sign was wrong.' }]
let wrong = 0

console.log(
  '| agent | scenario | it ends | attempts | the reason, or what the agent said last | it saw its tests pass | seconds | |\n|---|---|---|---|---|---|---|---|',
)
for (const agent of asked)
  for (const scenario of PROPOSING_SCENARIOS) {
    if (!scenario.name.includes(only) || (scenario.loggedOut && agent.loginUntold)) continue
    const came = await proposed(agent, scenario, programs)
    const faults = faultsOf(agent, scenario, came)
    if (faults.length > 0) wrong += 1
    const words = [agent.name, scenario.name, came.verdict, came.attempts, cell(came.said || came.reason)]
    const tested = scenario.tests ? (came.tested ? 'yes' : 'no') : ''
    console.log(`| ${[...words, tested, came.seconds.toFixed(0), faults.join('; ') || 'as it should'].join(' | ')} |`)
  }

if (only === '') {
  console.log(
    '\n| agent | answer | it said last | something of the tree ran | in a control | seconds | |\n|---|---|---|---|---|---|---|',
  )
  for (const agent of asked) wrong += (await proposes(agent)) ? 0 : 1
}
process.exitCode = wrong === 0 ? 0 : 1

function faultsOf(agent: AgentProgram, scenario: ProposingScenario, came: Proposed): readonly string[] {
  const faults: string[] = []
  if (came.verdict !== scenario.verdict) faults.push(`it should end ${scenario.verdict}`)
  if (came.attempts !== scenario.attempts) faults.push(`there should be ${scenario.attempts} attempts`)
  if (!scenario.says.test(`${came.said}\n${came.reason}`)) faults.push(`it should say ${scenario.says.source}`)
  if (scenario.tests && agent.allowing !== null && !came.tested) faults.push('its tests should have run')
  return faults
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').slice(0, 120)
}

async function proposes(agent: AgentProgram): Promise<boolean> {
  const own = Object.keys(agent.env('')).join(' ')
  const came = await ask(agent, agent.name, { 'command-env': own })
  const control = await ask(agent, `cp -R "$HOME/traps/." . && ${shellLine(agent.argv('Mend calc.py.'))}`, {
    'command-env': own,
  })
  const isRight = came.edit === BROKEN.replace('-', '+') && !came.ran
  const words = [agent.name, came.how, came.said, came.ran ? 'yes' : 'no', control.ran ? 'yes' : 'no', came.seconds]
  console.log(`| ${[...words, isRight ? 'as it should' : 'WRONG'].join(' | ')} |`)
  return isRight
}

function shellLine(argv: readonly string[]): string {
  return argv.map((word) => `'${word}'`).join(' ')
}

interface Asked {
  readonly how: string
  readonly said: string
  readonly edit: string
  /** Whether a trap of the tree was run. */
  readonly ran: boolean
  readonly seconds: string
}

async function ask(agent: AgentProgram, line: string, further: Readonly<Record<string, string>>): Promise<Asked> {
  const home = mkdtempSync(join(HOMES, 'pp-home-'))
  const model = await scriptedModel(STEPS)
  try {
    lay(home, agent.home(model.url))
    const env = {
      ...{
        PATH: `${programs}${delimiter}${process.env['PATH']}`,
        HOME: home,
        TMPDIR: home,
        GEMINI_MODEL: 'gemini-2.5-pro',
      },
      ...agent.env(model.url),
    }
    const marker = join(home, 'marker')
    lay(join(home, 'traps'), traps(marker))
    const settings = { command: line, 'command-timeout': '120', ...further }
    const proposer = await command.open({ env, named: true, settings })
    const began = performance.now()
    const budget = { ms: 180_000, searchMs: 0, tokens: null, candidates: 0 }
    const answer = await proposer.propose(requestFor({ 'calc.py': BROKEN, ...traps(marker) }, { budget }))
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    const edit = answer.how === 'edits' ? new TextDecoder().decode(answer.edits.get('calc.py') ?? undefined) : ''
    const said = answer.how === 'edits' ? answer.note.replace(/.*it said: /, '') : JSON.stringify(answer).slice(0, 200)
    return { how: answer.how, said, edit, ran: existsSync(marker), seconds }
  } finally {
    await model.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Files of a tree with which agents, editors and shells can be made to run something; each would leave the marker. */
function traps(marker: string): Record<string, string> {
  const touch = `touch ${marker}`
  const hooks = (event: string) =>
    JSON.stringify({ hooks: { [event]: [{ hooks: [{ type: 'command', command: touch }] }] } })
  const servers = JSON.stringify({ mcpServers: { trap: { command: 'touch', args: [marker] } } })
  return {
    '.claude/settings.json': hooks('SessionStart'),
    '.mcp.json': servers,
    '.gemini/settings.json': hooks('SessionStart'),
    '.codex/config.toml': `notify = ["touch", "${marker}"]\n[mcp_servers.trap]\ncommand = "touch"\nargs = ["${marker}"]\n`,
    '.github/hooks/trap.json': JSON.stringify({
      version: 1,
      hooks: { sessionStart: [{ type: 'command', bash: touch }] },
    }),
    '.vscode/mcp.json': servers,
    '.envrc': `${touch}\n`,
    'opencode.json': JSON.stringify({ mcp: { trap: { type: 'local', command: ['touch', marker], enabled: true } } }),
  }
}
