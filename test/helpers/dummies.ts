/** For each room of plugs the one file that adds the kind `dummy`: path in the checkout → text. */
export const DUMMIES: Readonly<Record<string, string>> = {
  'src/engine/proposers/dummy.ts': `import * as z from 'zod'
import type { ProposerKind } from '../ports/proposer.ts'

/** Turns the first minus of the first suspect into a plus. */
export default {
  kind: 'dummy',
  offered: 5,
  suggested: true,
  note: 'adds instead of subtracting',
  setting: { name: 'dummy', variable: 'PP_DUMMY' },
  options: z.object({ dummy: z.string().optional() }),
  open: async ({ settings, env }) => ({
    kind: 'dummy',
    model: null,
    remote: false,
    sandboxed: true,
    async propose({ suspects, files, progress }) {
      const [suspect] = suspects
      if (suspect === undefined) return { how: 'nothing', reason: 'the dummy has no suspect' }
      const word = options(settings, env)
      progress(\`dummy: \${word} at \${suspect.path}:\${suspect.line}\`)
      const text = new TextDecoder().decode(await files.read(suspect.path))
      const edited = new TextEncoder().encode(text.replace('-', '+'))
      return { how: 'edits', edits: new Map([[suspect.path, edited]]), note: word }
    },
  }),
} satisfies ProposerKind

function options(settings: Readonly<Record<string, string>>, env: Readonly<Record<string, string | undefined>>): string {
  return settings['dummy'] ?? env['PP_DUMMY'] ?? 'untold'
}
`,
  'src/engine/sandboxes/dummy.ts': `import type { SandboxKind } from '../ports/sandbox.ts'
import none from './none.ts'

export default {
  kind: 'dummy',
  strength: 1,
  automatic: 3,
  probe: async () => null,
  open: async (host) => ({ ...(await none.open(host)), kind: 'dummy', version: 'dummy 1' }),
} satisfies SandboxKind
`,
  'src/engine/signers/dummy.ts': `import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { keyIdOf } from '../core/keys/index.ts'
import type { SignerKind } from '../ports/signer.ts'

/** Ed448: a mode whose keys in PEM tell that they are of it. */
const dummy: SignerKind = {
  kind: 'dummy',
  offered: 1000,
  keyTells: 'always',
  keyType: 'ed448',
  signatureBytes: 114,
  takesGitKey: false,
  async signer({ text }) {
    const key = createPrivateKey(text)
    const keyid = keyIdOf(createPublicKey(key))
    return { mode: 'dummy', keyid, fingerprint: keyid, sign: async (message) => sign(null, message, key) }
  },
  async verifier({ text, name }) {
    const key = createPublicKey(text)
    const keyid = keyIdOf(key)
    return {
      check: async (message, signature) =>
        verify(null, message, key, signature) ? { mode: 'dummy', key: keyid, fingerprint: keyid, name } : null,
    }
  },
}
export default dummy
`,
  'src/engine/evidence/runners/dummy.ts': `import type { Runner } from '../../ports/runner.ts'
import { caseOf, countCases, reportOf } from './lib/test-report.ts'

/** A line for each test: 'DUMMY passed FILE › TITLE'. */
export default {
  kind: 'dummy',
  ids: 'file › test',
  recognises: (_, output) => /^DUMMY /m.test(output),
  read(output) {
    const lines = [...output.matchAll(/^DUMMY (passed|failed) (.*)$/gm)]
    const cases = lines.map(([, outcome, id = '']) => caseOf(id, outcome === 'passed' ? 'passed' : 'failed'))
    return cases.length === 0 ? null : reportOf('dummy', countCases(cases), cases, true)
  },
  invalid: () => null,
  testListing: () => null,
  addFailingTest: () => null,
} satisfies Runner
`,
  'src/engine/evidence/tracers/dummy.ts': `import type { Tracer } from '../../ports/tracer.ts'

/** A line for each line that ran: 'PATH:LINE'. */
export default {
  kind: 'dummy',
  traces: (path) => path.endsWith('.dummy'),
  files: () => new Map(),
  env: ({ reports }) => ({ DUMMY_TRACE: \`\${reports}/dummy.trace\` }),
  read(reports, tracked) {
    const text = new TextDecoder().decode(reports.get('dummy.trace'))
    const lines = new Map<string, ReadonlySet<number>>()
    for (const [, path = '', line] of text.matchAll(/^(.*):(\\d+)$/gm))
      if (tracked.has(path)) lines.set(path, new Set([...(lines.get(path) ?? []), Number(line)]))
    return { spectra: [{ test: null, failed: true, lines }], loaded: [], before: new Map(), reads: [], calledByRunner: [], frames: [] }
  },
} satisfies Tracer
`,
  'src/engine/evidence/syntax/languages/dummy.ts': `import type { Language } from '../language.ts'

/** Python by another name. */
export default {
  kind: 'dummy',
  extensions: ['dummy'],
  grammar: 'python',
  authors: 'tree-sitter-python',
  functions: ['function_definition'],
  holders: ['class_definition'],
} satisfies Language
`,
}
