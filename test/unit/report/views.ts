import { bytesOf } from '../../../src/engine/core/canonical.ts'
import type { ProofView } from '../../../src/engine/model/options.ts'
import type { SessionResult } from '../../../src/engine/model/session.ts'
import { FINAL, proved, ran, SESSION } from './samples.ts'

/** A proof as `show` has it, with the output of each pair. */
export function viewOf(more: Partial<SessionResult> = {}, files: Readonly<Record<string, string>> = {}): ProofView {
  const { schemaVersion: _, ...result } = proved(more)
  const recorded = {
    'attempts/0_baseline/unit/evidence.json': '{}',
    'attempts/0_baseline/unit/stdout': '1 failed\n',
    'attempts/2/unit/evidence.json': '{}',
    'attempts/2/unit/stdout': '1 passed\n',
    'attempts/2/applied.patch': result.patch ?? '',
    'verification/1_red/unit/evidence.json': '{}',
    'verification/1_red/unit/stdout': 'red of pair 1\n',
    'verification/1_green/unit/evidence.json': '{}',
    'verification/1_green/unit/stdout': 'green of pair 1\n',
    ...files,
  }
  return {
    commit: FINAL,
    session: SESSION,
    result,
    manifest: 'a'.repeat(64),
    startedAt: '2024-01-02T03:04:05.000Z',
    finishedAt: '2024-01-02T03:05:05.000Z',
    author: 'A U Thor <author@example.com>',
    attestations: [],
    changedTests: [],
    files: new Map(Object.entries(recorded).map(([path, text]) => [path, bytesOf(text)])),
  }
}

/** What somebody may write who wants more than to be read. */
export const HOSTILE = [
  'user\u202etxt.exe\u2066\u200b\ufeff',
  '<script>document.title="owned"</script>',
  '<img src=x onerror="document.title=`owned`">',
  '"><svg onload=alert(1)>',
  '</pre></details><a href="https://evil.example">click</a>',
  '[link](https://evil.example) https://evil.example www.evil.example',
  '@everyone @octocat closes #1 fixes owner/repo#2 GH-3',
  '```\n~~~\n# out of the fence\n`````',
  '\x1b[31mred\x1b]52;c;ZXZpbA==\x07\x9b2J',
  '<!-- --> &lt;script&gt; {{x}}',
].join('\n')

/** A proof with that in every string that others choose. */
export function hostileView(): ProofView {
  const patch = `diff --git a/Makefile b/Makefile\n--- a/Makefile\n+++ b/Makefile\n@@ -1 +1 @@\n-x\n+${HOSTILE.replaceAll('\n', '\n+')}\n`
  const red = ran('base', 'red', {
    target: HOSTILE,
    reading: { is: 'red', reason: HOSTILE, failing: [HOSTILE] },
  })
  const output = { 'verification/1_red/unit/stdout': HOSTILE, 'verification/1_red/unit/stderr': HOSTILE }
  const attempts = proved().attempts.map((one) => ({
    ...one,
    reason: HOSTILE,
    proposer: HOSTILE,
    refusals: [{ rule: HOSTILE, path: HOSTILE, message: HOSTILE, source: null }],
  }))
  const more = {
    reason: HOSTILE,
    targets: [{ name: HOSTILE, command: { shell: HOSTILE }, cwd: HOSTILE }],
    attempts,
    runs: [red, ...proved().runs],
    judgesChanged: [HOSTILE],
    flipped: [HOSTILE],
    notShown: [HOSTILE],
    failures: [{ id: HOSTILE, message: HOSTILE }],
    sandbox: HOSTILE,
    patch,
    warnings: [HOSTILE],
  }
  return {
    ...viewOf(more, output),
    author: HOSTILE,
    attestations: [{ role: 'prover', mode: HOSTILE, key: HOSTILE }],
    changedTests: [{ id: HOSTILE, is: 'added' }],
  }
}
