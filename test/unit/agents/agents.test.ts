import test from 'ava'
import { agents, findAgent } from '../../../src/engine/agents/index.ts'
import { AGENT_CALLS, COPILOT_AS_CLAUDE } from '../../helpers/agent-calls.ts'

for (const { title, agent, call, event } of AGENT_CALLS) {
  test(`${title}: recognised by ${agent ?? 'no'} agent alone, and understood`, (t) => {
    const recognised = agents.filter((one) => one.recognises(call)).map(({ kind }) => kind)
    t.deepEqual(recognised, agent === null ? [] : [agent])
    t.deepEqual(findAgent(agent ?? 'aider')?.read(call), event)
  })
}

test('Copilot CLI is not decided on through the hooks of Claude Code, which it runs beside its own', (t) => {
  t.deepEqual(
    agents.filter((one) => one.recognises(COPILOT_AS_CLAUDE)),
    [],
  )
  t.is(findAgent('claude')?.read(COPILOT_AS_CLAUDE).is, 'other')
})

test('a call without an object is recognised by none, and read without a fault', (t) => {
  for (const said of [null, {}, { hook_event_name: 7, session_id: [], timestamp: null }]) {
    for (const env of [{}, { CLAUDECODE: '1', GEMINI_SESSION_ID: 'x' }]) {
      const call = { said, env }
      for (const agent of agents) t.is(typeof agent.read(call).is, 'string')
      t.true(agents.filter((one) => one.recognises(call)).length <= 1)
    }
  }
})

for (const [kinds, block, letGo] of [
  [['claude', 'codex', 'gemini', 'copilot', 'opencode'], { decision: 'block', reason: 'red' }, {}],
  [['cursor'], { followup_message: 'red' }, {}],
] as const) {
  test(`${kinds.join(', ')}: answered with their keys alone and status 0`, (t) => {
    for (const kind of kinds) {
      const agent = findAgent(kind)
      for (const [reason, object] of [
        ['red', block],
        [null, letGo],
      ] as const) {
        const answer = agent?.answer(reason, null)
        t.is(answer?.stdout, `${JSON.stringify(object)}\n`)
        t.is(answer?.status, 0)
        t.is(answer?.stderr, '')
      }
    }
  })
}

test('an agent that has a key for it shows a person that it goes without a proof, and never beside a refusal', (t) => {
  for (const kind of ['claude', 'codex', 'gemini']) {
    t.is(findAgent(kind)?.answer(null, 'off').stdout, '{"systemMessage":"off"}\n')
    t.is(findAgent(kind)?.answer('red', 'off').stdout, '{"decision":"block","reason":"red"}\n')
  }
  for (const kind of ['copilot', 'cursor', 'opencode']) t.is(findAgent(kind)?.answer(null, 'off').stdout, '{}\n')
})

test('aider and scripts are answered with a status and the text', (t) => {
  for (const kind of ['aider', 'none']) {
    t.deepEqual(findAgent(kind)?.answer('red', null), { stdout: 'red\n', stderr: '', status: 1 })
    t.deepEqual(findAgent(kind)?.answer(null, null), { stdout: '', stderr: '', status: 0 })
    t.deepEqual(findAgent(kind)?.answer(null, 'off'), { stdout: '', stderr: 'off\n', status: 0 })
  }
})

test('the time limits of the registrations are in the unit of the agent, and above the deadline', (t) => {
  const limits = agents.flatMap(({ kind, registration }) => {
    if (registration?.content.form !== 'json') return []
    const text = JSON.stringify(registration.content.hooks.at(-1))
    t.regex(text, new RegExp(`git-pp gate --agent ${kind} --deadline 60 `))
    return [[kind, Number(/"(?:timeout|timeoutSec)":(\d+)/.exec(text)?.[1])]]
  })
  t.deepEqual(Object.fromEntries(limits), { claude: 600, codex: 600, copilot: 600, cursor: 600, gemini: 600_000 })
})
