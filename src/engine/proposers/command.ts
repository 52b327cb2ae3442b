import { constants } from 'node:fs'
import { access, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { editingPrompt, firstWords, mayHoldChange, promptText } from '../core/context/index.ts'
import { requirementsOf } from '../core/doctor/index.ts'
import { type DoctorFinding, noteFinding, okFinding } from '../model/doctor.ts'
import { PpError } from '../model/error.ts'
import type { ProposerAnswer } from '../model/proposal.ts'
import type { ProgramInput } from '../ports/agent-preset.ts'
import type { ProposalRequest, Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { type ChildResult, runChild } from './lib/child-process.ts'
import { commandOptions, type ProposingCommand, proposingCommand } from './lib/command-settings.ts'
import { besideFor } from './lib/copy-beside.ts'
import { type PrivateHome, privateHome } from './lib/private-home.ts'
import { makeCopy, type WorkingCopy } from './lib/working-copy.ts'

const MAX_OUTPUT = 4 * 1024 * 1024
/** In characters: where the last words of a program are looked for. */
const TAIL = 4000

/** Looks for the program where a shell would; nothing is run. */
async function reach(host: ProposerHost): Promise<DoctorFinding> {
  const command = proposingCommand(host)?.line ?? ''
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
  const command = proposingCommand(host)
  if (command === null) {
    throw new PpError('PROPOSER_FAILED', 'the command provider needs a program to run', {
      mend: 'git config pp.command "my-agent --flag", or set PP_COMMAND',
    })
  }
  return {
    kind: 'command',
    model: null,
    // The program can send its input anywhere, so this is assumed.
    remote: true,
    sandboxed: false,
    varies: true,
    propose: (request) => propose(command, host, request),
  }
}

async function propose(
  command: ProposingCommand,
  { env, place }: ProposerHost,
  request: ProposalRequest,
): Promise<ProposerAnswer> {
  const limitMs = Math.min(request.budget.ms, command.timeoutMs ?? request.budget.ms, 2 ** 31 - 1)
  const deadline = AbortSignal.timeout(limitMs)
  const { files, progress, signal } = request
  const beside = besideFor(request.beside, command.include)
  const temp = env['TMPDIR'] || '/tmp'
  const copy = await makeCopy({ files, beside, temp, path: command.env['PATH'] ?? '', progress, signal })
  try {
    const home = await privateHome({ command, place, tree: copy.dir, dir: copy.home }, progress)
    progress(`command: running ${firstWords(command.line, 80)}`)
    const end = await runChild({
      command: command.line,
      through: home?.through ?? [],
      cwd: copy.dir,
      env: { ...command.env, ...(command.input === 'file' && { PP_PROMPT_FILE: await filed(request, copy, home) }) },
      input: inputFor(command.input, request),
      maxOutputBytes: MAX_OUTPUT,
      line: (line) => request.progress(`command: ${line}`),
      signal: AbortSignal.any([request.signal, deadline]),
    })
    await home?.keepLogins()
    request.signal.throwIfAborted()
    const stopped = deadline.aborted ? `did not end within ${Math.round(limitMs / 1000)} s` : null
    return await answer(command, end, stopped, copy)
  } finally {
    await copy.dispose()
  }
}

/** The path of a file with the prompt, as the program sees it. */
async function filed(request: ProposalRequest, copy: WorkingCopy, home: PrivateHome | null): Promise<string> {
  const text = editingPrompt(request)
  if (home !== null) return home.add('git-pp-prompt.md', text)
  const path = join(copy.beside, 'prompt.md')
  await writeFile(path, text)
  return path
}

function inputFor(input: ProgramInput, request: ProposalRequest): string {
  if (input === 'prompt') return editingPrompt(request)
  return input === 'json' ? `${JSON.stringify(told(request))}\n` : ''
}

/** The input of the program on stdin, as one line of JSON; its format is documented for authors of such programs. */
function told(request: ProposalRequest): object {
  const { n, command, context, suspects, earlier, budget } = request
  return { schemaVersion: 1, attempt: n, command, prompt: promptText(request), context, suspects, earlier, budget }
}

/**
 * Edits in the copy have priority over the printed text, because agents also print prose. They count however the program
 * ended: agents end with another status at a limit of turns. `stopped`: why it did not end by itself.
 */
async function answer(
  { preset }: ProposingCommand,
  end: ChildResult,
  stopped: string | null,
  copy: WorkingCopy,
): Promise<ProposerAnswer> {
  let edits: Map<string, Uint8Array | null>
  try {
    edits = await copy.edits()
  } catch (error) {
    if (error instanceof PpError && error.code === 'PROPOSER_FAILED') return failed('crashed', error.message)
    throw error
  }
  const text = end.stdout.toString('utf8')
  const said = lastWords(text)
  if (edits.size > 0) {
    const note = `command: ${edits.size} ${edits.size === 1 ? 'file' : 'files'} edited${said === '' ? '' : `; it said: ${said}`}`
    return { how: 'edits', edits, note }
  }
  if (preset?.loggedOut.test(`${text.slice(-TAIL)}\n${end.lastLine}`))
    return failed(
      'no-key',
      `${preset.kind} is not logged in: ${said || firstWords(end.lastLine)}`,
      `run ${preset.kind} once and log in`,
    )
  if (stopped !== null) return failed('budget', `the command ${stopped}${said === '' ? '' : `; it said last: ${said}`}`)
  if (end.truncated) return failed('truncated', 'the command printed more than 4 MiB')
  if (mayHoldChange(text)) {
    return { how: 'reply', text, model: null, usage: { inputTokens: null, outputTokens: null } }
  }
  if (end.code !== 0) return failed('crashed', `${ofEnd(end)}${said === '' ? '' : `; it printed last: ${said}`}`)
  return { how: 'nothing', reason: `the command changed nothing${said === '' ? '' : ` and said: ${said}`}` }
}

/** The last line that says something. */
function lastWords(text: string): string {
  return firstWords(text.slice(-TAIL).trimEnd().split('\n').at(-1) ?? '')
}

function ofEnd(end: ChildResult): string {
  const how = end.code === null ? 'was killed by a signal' : `ended with status ${end.code}`
  return `the command ${how}${end.lastLine === '' ? '' : `: ${end.lastLine}`}`
}

function failed(why: 'budget' | 'crashed' | 'truncated' | 'no-key', reason: string, mend?: string): ProposerAnswer {
  return { how: 'failed', why, reason, ...(mend !== undefined && { mend }) }
}

export default {
  kind: 'command',
  offered: 4,
  suggested: true,
  note: null,
  setting: { name: 'command', variable: 'PP_COMMAND' },
  options: commandOptions,
  open,
  reach,
} satisfies ProposerKind
