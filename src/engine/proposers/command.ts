import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { firstWords, mayHoldChange, promptText } from '../core/context/index.ts'
import { requirementsOf } from '../core/doctor/index.ts'
import { isOwnKeyVariable, RUN_MARK } from '../core/environment/index.ts'
import { type DoctorFinding, noteFinding, okFinding } from '../model/doctor.ts'
import { PpError } from '../model/error.ts'
import type { ProposerAnswer } from '../model/proposal.ts'
import type { ProposalRequest, Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { type ChildResult, runChild } from './lib/child-process.ts'
import { makeCopy, type WorkingCopy } from './lib/working-copy.ts'

const options = z.object({
  /** For `sh -c`. */
  command: z.string().min(1).optional(),
  /** The names of further variables that it gets besides GIVEN, separated by blanks or commas. */
  'command-env': z.string().optional(),
})

const GIVEN = ['PATH', 'HOME', 'LANG', 'TERM', RUN_MARK]
const MAX_OUTPUT = 4 * 1024 * 1024

/** Looks for the program where a shell would; nothing is run. */
async function reach(host: ProposerHost): Promise<DoctorFinding> {
  const command = options.parse(host.settings).command ?? host.env['PP_COMMAND'] ?? ''
  const [program] = requirementsOf({ shell: command }).programs
  if (program === undefined)
    return noteFinding(`only a shell can tell which program ${firstWords(command, 80)} starts, so it was not checked`)
  const at = await onPath(program, host.env['PATH'] ?? '')
  if (at !== null)
    return okFinding(`the program ${program} is ${at}; it runs with your rights and network, outside of any sandbox`)
  throw new PpError('PROPOSER_FAILED', `the program ${program} of the command provider is not on PATH`, {
    mend: 'name it with its path: git config pp.command "/path/of/my-agent --flag"',
  })
}

async function onPath(program: string, path: string): Promise<string | null> {
  const places = program.includes('/') ? [program] : path.split(':').map((dir) => join(dir || '.', program))
  for (const place of places) {
    const runs = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs && (await stat(place)).isFile()) return place
  }
  return null
}

/** Any program or agent. It runs with the user's rights and network, in a copy of the files, outside of any sandbox. */
async function open(host: ProposerHost): Promise<Proposer> {
  const settings = options.parse(host.settings)
  const command = settings.command ?? host.env['PP_COMMAND']
  if (!command) {
    throw new PpError('PROPOSER_FAILED', 'the command provider needs a program to run', {
      mend: 'git config pp.command "my-agent --flag", or set PP_COMMAND',
    })
  }
  const env: Record<string, string> = {}
  for (const name of [...GIVEN, ...(settings['command-env'] ?? '').split(/[\s,]+/)]) {
    const value = host.env[name]
    if (value !== undefined && !isOwnKeyVariable(name)) env[name] = value
  }
  return {
    kind: 'command',
    model: null,
    // The program can send its input anywhere, so this is assumed.
    remote: true,
    sandboxed: false,
    varies: true,
    propose: (request) => propose(command, env, host.env['TMPDIR'] || '/tmp', request),
  }
}

async function propose(
  command: string,
  env: Readonly<Record<string, string>>,
  temp: string,
  request: ProposalRequest,
): Promise<ProposerAnswer> {
  const deadline = AbortSignal.timeout(Math.min(request.budget.ms, 2 ** 31 - 1))
  const copy = await makeCopy(request.files, temp, env['PATH'] ?? '')
  try {
    request.progress(`command: running ${firstWords(command, 80)}`)
    const end = await runChild({
      command,
      cwd: copy.dir,
      env,
      input: `${JSON.stringify(told(request))}\n`,
      maxOutputBytes: MAX_OUTPUT,
      line: (line) => request.progress(`command: ${line}`),
      signal: AbortSignal.any([request.signal, deadline]),
    })
    request.signal.throwIfAborted()
    if (deadline.aborted) {
      return failed('budget', `the command did not end within ${Math.round(request.budget.ms / 1000)} s`)
    }
    return end.code === 0 ? await answer(end, copy) : failed('crashed', ofEnd(end))
  } finally {
    await copy.dispose()
  }
}

/** The input of the program on stdin, as one line of JSON; its format is documented for authors of such programs. */
function told(request: ProposalRequest): object {
  const { n, command, context, suspects, earlier, budget } = request
  return { schemaVersion: 1, attempt: n, command, prompt: promptText(request), context, suspects, earlier, budget }
}

/** Edits in the copy have priority over the printed text, because agents also print prose. */
async function answer(end: ChildResult, copy: WorkingCopy): Promise<ProposerAnswer> {
  let edits: Map<string, Uint8Array | null>
  try {
    edits = await copy.edits()
  } catch (error) {
    if (error instanceof PpError && error.code === 'PROPOSER_FAILED') return failed('crashed', error.message)
    throw error
  }
  if (edits.size > 0) {
    const note = `command: ${edits.size} ${edits.size === 1 ? 'file' : 'files'} edited`
    return { how: 'edits', edits, note }
  }
  const text = end.stdout.toString('utf8')
  if (end.truncated) return failed('truncated', 'the command printed more than 4 MiB')
  if (mayHoldChange(text)) {
    return { how: 'reply', text, model: null, usage: { inputTokens: null, outputTokens: null } }
  }
  const said = firstWords(text)
  return { how: 'nothing', reason: `the command changed nothing${said === '' ? '' : ` and said: ${said}`}` }
}

function ofEnd(end: ChildResult): string {
  const how = end.code === null ? 'was killed by a signal' : `ended with status ${end.code}`
  return `the command ${how}${end.lastLine === '' ? '' : `: ${end.lastLine}`}`
}

function failed(why: 'budget' | 'crashed' | 'truncated', reason: string): ProposerAnswer {
  return { how: 'failed', why, reason }
}

export default {
  kind: 'command',
  offered: 4,
  suggested: true,
  note: null,
  setting: { name: 'command', variable: 'PP_COMMAND' },
  options,
  open,
  reach,
} satisfies ProposerKind
