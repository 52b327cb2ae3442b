import { AGENT_CALLS } from '../helpers/agent-calls.ts'
import { BROKEN, PROJECT } from '../helpers/gate-project.ts'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(2)

const PROJECT_OF_CALLS = '/home/u/project'
const WEAKENED = String(PROJECT['calc.test.cjs']).replace('add(2, 3), 5', 'add(2, 3), add(2, 3)')

/** How each agent is sent back and let go: its status, and what stands on stdout. */
const block = [0, /^\{"decision":"block","reason":"git pp gate: TESTS_CHANGED: [^\n]+"\}\n$/, /^\{\}\n$/] as const
const ANSWERS = {
  claude: block,
  codex: block,
  gemini: block,
  copilot: block,
  cursor: [0, /^\{"followup_message":"git pp gate: TESTS_CHANGED: [^\n]+"\}\n$/, /^\{\}\n$/],
  opencode: block,
  aider: [1, /^git pp gate: TESTS_CHANGED: /, /^$/],
} as const

/** The call that an agent was recorded with, in this repository. Agents that say nothing are named, as they are registered. */
async function calls(repo: TestRepo, agent: string, is: 'begin' | 'stop') {
  const recorded = AGENT_CALLS.find((one) => one.agent === agent && one.event.is === is)
  const here = (value: unknown) => JSON.parse(JSON.stringify(value ?? {}).replaceAll(PROJECT_OF_CALLS, repo.dir))
  const begins = is === 'begin' ? ['--begin'] : []
  const words = [
    'gate',
    '--deadline',
    '120',
    ...(recorded === undefined || agent === 'aider' ? ['--agent', agent] : []),
  ]
  const input = recorded?.call.said ? JSON.stringify(here(recorded.call.said)) : ''
  return pp(repo, [...words, ...begins], { env: here(recorded?.call.env), input })
}

for (const [agent, [status, blocked, free]] of Object.entries(ANSWERS))
  test(`${agent}: a weakened test is sent back and a fix may stop, each in its own form`, async (t) => {
    const repo = await tempRepo(t, BROKEN)
    t.is((await calls(repo, agent, 'begin')).status, 0)
    await repo.write('calc.test.cjs', WEAKENED)
    const back = await calls(repo, agent, 'stop')
    t.is(back.status, status, back.stderr)
    t.regex(back.stdout, blocked)
    await repo.write('calc.test.cjs', String(BROKEN['calc.test.cjs']))
    await repo.write('calc.cjs', String(PROJECT['calc.cjs']))
    const go = await calls(repo, agent, 'stop')
    t.is(go.status, 0, go.stderr)
    t.regex(go.stdout, free)
  })
