import type { Entry } from './verb.ts'

export const VERBS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ['run', { summary: 'make a failing command pass, and prove that the patch did it', load: () => import('./run.ts') }],
  ['prove', { summary: 'prove a change that exists, whoever wrote it', load: () => import('./prove.ts') }],
  ['replay', { summary: 'run a proof again, in fresh worktrees', load: () => import('./replay.ts') }],
  ['verify', { summary: 'check proofs without running anything', load: () => import('./verify.ts') }],
  ['attest', { summary: 'check a proof, then sign it', load: () => import('./attest.ts') }],
  ['show', { summary: 'show one proof in full', load: () => import('./show.ts') }],
  ['log', { summary: 'list the proofs, one per line', load: () => import('./log.ts') }],
  ['report', { summary: 'write proofs for a pull request, as a page, or for CI', load: () => import('./report.ts') }],
  ['covered', { summary: 'say whether a proof stands for a job of CI', load: () => import('./covered.ts') }],
  ['gate', { summary: 'answer the stop hook of a coding agent', load: () => import('./gate.ts') }],
  ['apply', { summary: 'put a proved change into your files, or commit it', load: () => import('./apply.ts') }],
  ['push', { summary: 'send proofs to a remote', load: () => import('./push.ts') }],
  ['fetch', { summary: 'fetch the proofs of a remote', load: () => import('./fetch.ts') }],
  ['forget', { summary: 'remove a proof, here and on a remote', load: () => import('./forget.ts') }],
  ['export', { summary: 'write a proof as a directory', load: () => import('./export.ts') }],
  ['import', { summary: 'read an exported proof back in', load: () => import('./import.ts') }],
  ['mcp', { summary: 'serve the tools of git pp to coding agents', load: () => import('./mcp.ts') }],
  ['worker', { summary: 'prove for others, who ask over a broker', load: () => import('./worker.ts') }],
  ['jobs', { summary: 'list, watch and cancel what workers were asked for', load: () => import('./jobs.ts') }],
  ['keygen', { summary: 'make a pair of keys for signing', load: () => import('./keygen.ts') }],
  ['init', { summary: 'write a policy that fits this project', load: () => import('./init.ts') }],
  [
    'doctor',
    { summary: 'check everything that a session needs, and say how to fix it', load: () => import('./doctor.ts') },
  ],
  ['completion', { summary: 'print the completion of a shell', load: completion }],
  ['verify-attestation', { summary: 'verify', hidden: true, load: () => import('./verify.ts') }],
  ['gc', { summary: 'remove what dead or old sessions left behind', load: () => import('./gc.ts') }],
])

/** The only verb that has to know all others. */
async function completion(): ReturnType<Entry['load']> {
  const { completionOf } = await import('./completion.ts')
  return { default: completionOf(VERBS) }
}

export const USAGE = 'usage: git pp [-C DIR] [--version] [-h | --help] VERB [OPTIONS] [WORDS]'

/** The help that is shown without a verb. */
export function overviewHelp(): string {
  const shown = [...VERBS].filter(([, { hidden }]) => !hidden)
  const widest = Math.max(...shown.map(([name]) => name.length))
  const list = shown.map(([name, { summary }]) => `  ${name.padEnd(widest)}  ${summary}`)
  return [
    USAGE,
    '',
    'Patch & Prove: red without the patch, green with it, red again without.',
    '',
    ...list,
    '',
    'git pp help VERB explains one verb and its options; git help pp is the manual.',
  ].join('\n')
}
