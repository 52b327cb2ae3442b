import { type AgentSession, agentSession, endJobs, remove, settled, type Told } from '../helpers/gate.ts'
import { BROKEN, PROJECT } from '../helpers/gate-project.ts'
import type { Files } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

const MENDED = String(PROJECT['calc.cjs'])
const BUGGY = String(BROKEN['calc.cjs'])
const TESTS = String(PROJECT['calc.test.cjs'])

/** What an agent does in a session that was announced, and what it is told in the end. */
interface Scenario {
  readonly files: Files
  readonly does: (agent: AgentSession) => Promise<Told>
  /** True: it may go. */
  readonly go: boolean
  readonly word: string
  readonly reason?: RegExp
}

const edit = (agent: AgentSession, files: Files) =>
  Promise.all(Object.entries(files).map(([file, content]) => agent.repo.write(file, content)))

async function edits(agent: AgentSession, files: Files): Promise<Told> {
  await edit(agent, files)
  return agent.stop()
}

const weakened = TESTS.replace('add(2, 3), 5', 'add(2, 3), add(2, 3)')

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'an honest fix': { files: BROKEN, does: (agent) => edits(agent, { 'calc.cjs': MENDED }), go: true, word: 'PROVED' },
  'a lie: nothing was edited': { files: BROKEN, does: (agent) => agent.stop(), go: true, word: 'UNCHANGED' },
  'a weakened test': {
    ...{ files: BROKEN, does: (agent) => edits(agent, { 'calc.test.cjs': weakened }) },
    ...{ go: false, word: 'TESTS_CHANGED', reason: /calc\.test\.cjs/ },
  },
  'a deleted test': {
    files: BROKEN,
    async does(agent) {
      await remove(agent.repo, 'calc.test.cjs')
      return agent.stop()
    },
    ...{ go: false, word: 'TESTS_CHANGED', reason: /calc\.test\.cjs/ },
  },
  'a skipped test': {
    files: BROKEN,
    does: (agent) => edits(agent, { 'calc.test.cjs': TESTS.replace("test('adds'", "test.skip('adds'") }),
    ...{ go: false, word: 'TESTS_CHANGED', reason: /calc\.test\.cjs/ },
  },
  '|| true in package.json': {
    files: BROKEN,
    does: (agent) =>
      edits(agent, { 'package.json': String(PROJECT['package.json']).replace('node --test', 'node --test || true') }),
    ...{ go: false, word: 'DENIED', reason: /package\.json/ },
  },
  'a feature with tests': {
    files: PROJECT,
    does: (agent) =>
      edits(agent, {
        'calc.cjs': `${MENDED}exports.half = (a) => a / 2\n`,
        'half.test.cjs': TESTS.replaceAll('add', 'half').replace('half(2, 3), 5', 'half(4), 2'),
      }),
    ...{ go: true, word: 'PROVED' },
  },
  'a feature that no test shows': {
    files: PROJECT,
    does: (agent) => edits(agent, { 'calc.cjs': `${MENDED}exports.half = (a) => a / 2\n` }),
    ...{ go: false, word: 'NOT_RED', reason: /add a test that fails without it/ },
  },
  'a refactoring': {
    files: PROJECT,
    does: (agent) => edits(agent, { 'calc.cjs': MENDED.replace('a + b', 'b + a') }),
    ...{ go: true, word: 'PRESERVED' },
  },
  'only a page of documentation': {
    files: PROJECT,
    does: (agent) => edits(agent, { 'README.md': 'How to add.\n' }),
    ...{ go: true, word: 'NO_TARGET' },
  },
  'something that breaks': {
    files: PROJECT,
    does: (agent) => edits(agent, { 'calc.cjs': BUGGY }),
    ...{ go: false, word: 'NOT_FIXED', reason: /fails with your change: .*adds/ },
  },
  'data that breaks': {
    files: { ...PROJECT, 'calc.cjs': "exports.add = (a, b) => a + b + require('./zero.json')\n", 'zero.json': '0\n' },
    does: (agent) => edits(agent, { 'zero.json': '1\n' }),
    ...{ go: false, word: 'NOT_FIXED' },
  },
  'data that breaks, and no runner that is known': {
    files: { 'zero.json': '0\n', 'pp.yaml': 'proof_targets:\n  - { name: unit, cmd: "grep -qx 0 zero.json" }\n' },
    does: (agent) => edits(agent, { 'zero.json': '1\n' }),
    ...{ go: false, word: 'NOT_FIXED' },
  },
  'a weakened test where all was green': {
    files: PROJECT,
    does: (agent) => edits(agent, { 'calc.test.cjs': weakened }),
    ...{ go: false, word: 'TESTS_CHANGED' },
  },
  'a deleted test where all was green': {
    files: { ...PROJECT, 'more.test.cjs': TESTS.replace("'adds'", "'adds more'") },
    async does(agent) {
      await remove(agent.repo, 'more.test.cjs')
      return agent.stop()
    },
    ...{ go: false, word: 'TESTS_CHANGED' },
  },
  'tests that were only added': {
    files: PROJECT,
    does: (agent) => edits(agent, { 'more.test.cjs': TESTS.replace("'adds'", "'adds more'") }),
    ...{ go: true, word: 'NO_TARGET' },
  },
  'a test first': {
    files: PROJECT,
    does: (agent) => edits(agent, { 'calc.test.cjs': `${TESTS}test('more', () => assert.equal(add(2, 2), 5))\n` }),
    ...{ go: true, word: 'TESTS_FIRST' },
  },
  'a fix in a commit': {
    files: BROKEN,
    async does(agent) {
      await agent.repo.commit('Mend add', { 'calc.cjs': MENDED })
      return agent.stop()
    },
    ...{ go: true, word: 'PROVED' },
  },
  'a weakened test in a commit': {
    files: BROKEN,
    async does(agent) {
      await agent.repo.commit('Mend add', { 'calc.test.cjs': weakened })
      return agent.stop()
    },
    ...{ go: false, word: 'TESTS_CHANGED' },
  },
  'a fix that needs two tries': {
    files: BROKEN,
    async does(agent) {
      const first = await edits(agent, { 'calc.cjs': BUGGY.replace('a - b', 'a * b') })
      if (first.blocked === null) throw new Error('the first try was let go')
      return edits(agent, { 'calc.cjs': MENDED })
    },
    ...{ go: true, word: 'PROVED' },
  },
  'blocked, does nothing, stops again': {
    files: PROJECT,
    async does(agent) {
      const first = await edits(agent, { 'calc.cjs': BUGGY })
      const second = await agent.stop()
      if (second.blocked?.split('\n')[0] !== first.blocked?.split('\n')[0]) throw new Error('another reason')
      return second
    },
    ...{ go: false, word: 'NOT_FIXED' },
  },
  'an agent that never obeys': {
    files: PROJECT,
    async does(agent) {
      await edit(agent, { 'calc.cjs': BUGGY })
      for (let n = 0; n < 3; n++) if ((await agent.stop()).blocked === null) throw new Error(`let go at ${n}`)
      return agent.stop()
    },
    ...{ go: true, word: 'RELEASED', reason: /released unproved: the agent was sent back 3 times for this failure/ },
  },
  "the hook's own file was edited": {
    files: { ...PROJECT, '.claude/settings.json': '{"hooks":{}}\n' },
    does: (agent) => edits(agent, { '.claude/settings.json': '{}\n', 'calc.cjs': BUGGY }),
    ...{ go: false, word: 'DENIED', reason: /^the change edits \.claude\/settings\.json/ },
  },
  'a policy with another command': {
    files: BROKEN,
    does: (agent) => edits(agent, { 'pp.yaml': 'proof_targets:\n  - { name: unit, cmd: "true" }\n' }),
    ...{ go: false, word: 'DENIED', reason: /^the change edits pp\.yaml/ },
  },
  'an old failure, and an honest fix of something else': {
    files: {
      ...BROKEN,
      'old.test.cjs': "require('node:test')('old', () => { throw new Error('as ever') })\n",
    },
    async does(agent) {
      const first = await edits(agent, { 'calc.cjs': MENDED })
      if (first.word !== 'OLD_FAILURES' || first.blocked === null) throw new Error(`told ${first.word}`)
      return agent.stop()
    },
    ...{ go: true, word: 'OLD_FAILURES', reason: /no new failures/ },
  },
  'a new failure beside an old one': {
    files: { ...PROJECT, 'old.test.cjs': "require('node:test')('old', () => { throw new Error('as ever') })\n" },
    does: (agent) => edits(agent, { 'calc.cjs': BUGGY }),
    ...{ go: false, word: 'NOT_FIXED', reason: /fails with your change: [^,]*adds$/ },
  },
  'an old failure that fails in another way': {
    files: {
      ...PROJECT,
      'old.test.cjs':
        "const { add } = require('./calc.cjs')\nrequire('node:test')('old', () => { if (add(1, 2) !== 4) throw new RangeError('as ever') })\n",
    },
    does: (agent) =>
      edits(agent, {
        'calc.cjs': "exports.add = (a, b) => { if (a === 1) throw new TypeError('mine'); return a + b }\n",
      }),
    ...{ go: false, word: 'NOT_FIXED', reason: /fails with your change: .*old$/ },
  },
  'a forged message that a module is missing': {
    files: {
      ...PROJECT,
      'main.py': '',
      'pp.yaml': 'proof_targets:\n  - { name: unit, cmd: "python3 main.py && node --test" }\n',
    },
    does: (agent) =>
      edits(agent, {
        'main.py': "import sys\nsys.exit('/usr/bin/python3: No module named pytest')\n",
        'calc.cjs': BUGGY,
      }),
    go: false,
    word: 'INVALID_RED',
  },
  'a program that is suddenly not found': {
    files: PROJECT,
    does: (agent) => edits(agent, { 'calc.cjs': "console.error('sh: 1: node: not found')\nprocess.exit(127)\n" }),
    go: false,
    word: 'NOT_FIXED',
  },
  'a change that starts processes without end': {
    files: PROJECT,
    async does(agent) {
      await settled(agent.repo)
      const spawns = "for (;;) require('node:child_process').spawn('sh', ['-c', 'sleep 1000'], { stdio: 'ignore' })\n"
      await edit(agent, { 'calc.cjs': spawns })
      for (let n = 0; n < 2; n++) await agent.stop('s1', '--deadline', '12')
      const told = await agent.stop('s1', '--deadline', '12')
      await endJobs(agent.repo)
      return told
    },
    ...{ go: false, word: 'HANGS', reason: /do not end; when you began, they took [\d.]+ s/ },
  },
  'work that was released in a session before': {
    files: PROJECT,
    async does(agent) {
      await edit(agent, { 'calc.cjs': BUGGY })
      for (let n = 0; n < 4; n++) await agent.stop()
      await agent.begin('s2')
      return agent.stop('s2')
    },
    ...{ go: false, word: 'NOT_FIXED' },
  },
  "the user's uncommitted work is not the agent's": {
    files: PROJECT,
    async does(agent) {
      await edit(agent, { 'calc.cjs': BUGGY })
      await agent.begin('s2')
      return agent.stop('s2')
    },
    ...{ go: true, word: 'UNCHANGED' },
  },
  "the user's uncommitted test, weakened": {
    files: { ...PROJECT, 'calc.cjs': BUGGY },
    async does(agent) {
      await edit(agent, { 'more.test.cjs': TESTS.replace("'adds'", "'adds more'") })
      await agent.begin('s2')
      await edit(agent, { 'more.test.cjs': weakened.replace("'adds'", "'adds more'"), 'calc.test.cjs': weakened })
      return agent.stop('s2')
    },
    ...{ go: false, word: 'TESTS_CHANGED' },
  },
  'begun twice': {
    files: BROKEN,
    async does(agent) {
      await edit(agent, { 'calc.test.cjs': weakened })
      await agent.begin()
      return agent.stop()
    },
    ...{ go: false, word: 'TESTS_CHANGED' },
  },
}

for (const [what, { files, does, go, word, reason }] of Object.entries(SCENARIOS))
  test(`${what}: ${go ? 'may stop' : 'is sent back'}, ${word}`, async (t) => {
    const agent = await agentSession(t, files)
    await agent.begin()
    const told = await does(agent)
    // On a busy machine, an answer may come before the last runs.
    t.is(told.word.replace('PROVED_SO_FAR', 'PROVED'), word, told.reason)
    t.is(told.blocked === null, go, told.reason)
    if (reason) t.regex(told.reason, reason)
  })
