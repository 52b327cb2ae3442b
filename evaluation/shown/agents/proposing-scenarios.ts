import { BROKEN, PROJECT } from '../../../test/helpers/gate-project.ts'
import type { Files } from '../../../test/helpers/repo.ts'
import type { ModelStep } from './scripted-model.ts'

/** What an agent does when `git pp run` asks it for a patch, and what has to come of it. */
export interface ProposingScenario {
  readonly name: string
  readonly steps: readonly ModelStep[]
  readonly verdict: string
  /** A part of the reason or of what is told, or of the reason only for agents that need another wording. */
  readonly says: RegExp
  /** How many attempts there are. */
  readonly attempts: number
  /** True: the agent is started without its keys. */
  readonly loggedOut?: true
  /** True: the step with the tests has to show that they ran with their dependency, where the agent may run commands. */
  readonly tests?: true
}

/** The tests need a package that stands beside the tree only. */
export const TREE: Files = {
  ...BROKEN,
  '.gitignore': 'node_modules\n',
  'calc.test.cjs': String(PROJECT['calc.test.cjs']).replace('5)', "require('five'))"),
  'node_modules/five/index.js': 'module.exports = 5\n',
}

/** What the tests print if they pass. */
export const PASSED = /(?:# |ℹ )pass [1-9]/
/** In seconds: how long an agent may take for one answer. */
export const PATIENCE = 90

const edit = (by: string): ModelStep => ({ path: 'calc.cjs', replace: 'a - b', by })
const right = edit('a + b')
const test: ModelStep = { shell: 'node --test' }
const done: ModelStep = { say: 'The sign was wrong.' }

export const PROPOSING_SCENARIOS: readonly ProposingScenario[] = [
  { name: 'fix', steps: [right, test, done], verdict: 'PROVED', says: /The sign was wrong/, attempts: 1, tests: true },
  {
    name: 'no edit',
    steps: [{ say: 'I see nothing wrong here.' }],
    verdict: 'NOT_FIXED',
    says: /changed nothing and said: .*I see nothing wrong here/,
    attempts: 0,
  },
  {
    name: 'wrong, then right',
    steps: [edit('a * b'), { say: 'It should multiply.' }, right, done],
    verdict: 'PROVED',
    says: /The sign was wrong/,
    attempts: 2,
  },
  {
    name: 'commits by itself',
    steps: [right, { shell: 'git -c user.name=a -c user.email=a@b.c commit -qam mend' }, done],
    verdict: 'PROVED',
    says: /The sign was wrong/,
    attempts: 1,
  },
  {
    name: 'hangs',
    steps: [{ hang: true }],
    verdict: 'PROPOSER_FAILED',
    says: new RegExp(`did not end within ${PATIENCE} s`),
    attempts: 0,
  },
  { name: 'edits, then hangs', steps: [right, { hang: true }], verdict: 'PROVED', says: /./, attempts: 1 },
  {
    name: 'is not logged in',
    steps: [right, done],
    verdict: 'PROPOSER_FAILED',
    says: /is not logged in/,
    attempts: 0,
    loggedOut: true,
  },
]
