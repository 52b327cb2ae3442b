import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Launched, launch } from './launch.ts'
import type { TestRepo, Undoing } from './repo.ts'

/**
 * When a signal comes: at the `nth` git that the tool starts (`before`: git goes on alone; `after`: it is done and the tool
 * has not heard), at the `nth` process below it whose words match, or after so many ms.
 */
export type Moment =
  | { readonly at: 'git'; readonly nth: number; readonly when: 'before' | 'after' }
  | { readonly at: 'process'; readonly words: RegExp; readonly nth: number }
  | { readonly at: 'time'; readonly ms: number }

/** A tool under way that gets `signal` at its moment; `reached` tells where that was, null when it ended before. */
export interface Doomed extends Launched {
  readonly reached: Promise<string | null>
  /** How many gits it has started; for moments at a git. */
  gits(): Promise<number>
}

export interface Doom {
  readonly moment: Moment
  readonly signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM'
}

/** Starts the tool and sends it a signal at a moment: to the tool alone for kill -9, else to its group as a terminal does. */
export async function doom(
  t: Undoing,
  repo: TestRepo,
  args: readonly string[],
  { moment, signal }: Doom,
  env: Readonly<Record<string, string>> = {},
): Promise<Doomed> {
  const shim = join(dirname(repo.home), `shim-${used++}`)
  if (moment.at === 'git') await writeShim(shim, moment, signal)
  const path = moment.at === 'git' ? `${shim}:${repo.env['PATH']}` : (repo.env['PATH'] ?? '')
  const tool = launch(t, repo, args, { ...env, PATH: path })
  return {
    ...tool,
    reached: reach(tool, moment, signal, shim),
    gits: async () => (await readFile(join(shim, 'count'), 'utf8')).length,
  }
}

let used = 0

async function reach(tool: Launched, moment: Moment, signal: NodeJS.Signals, shim: string): Promise<string | null> {
  if (moment.at === 'git') {
    await tool.ended
    return readFile(`${shim}/reached`, 'utf8').then(
      (name) => `git ${name.trim()}`,
      () => null,
    )
  }
  if (moment.at === 'time') await Promise.race([sleep(moment.ms), tool.ended])
  else await seen(tool, moment.words, moment.nth)
  if (tool.over()) return null
  if (signal === 'SIGKILL') process.kill(tool.pid, signal)
  else tool.signalGroup(signal)
  return moment.at
}

/** A git in front of git that counts and once, for gits may start together, sends the signal to whoever started it. */
async function writeShim(dir: string, { nth, when }: Moment & { at: 'git' }, signal: NodeJS.Signals): Promise<void> {
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
  const count = `echo >>"${dir}/count"; n=$(wc -l <"${dir}/count")`
  const name =
    'for word; do case "$last" in -c) ;; *) case "$word" in -*) ;; *) echo "$word"; break ;; esac ;; esac; last=$word; done'
  const strike = `(${name}) >"${dir}/reached"; kill -s ${signal.slice(3)} $PPID`
  const body = when === 'before' ? `${strike}; exec "${git}" "$@"` : `"${git}" "$@"; s=$?; ${strike}; exit $s`
  // One that answers questions as long as the session lasts is never done before the session is.
  const fits = when === 'before' ? 'true' : 'case "$*" in *--batch*) false ;; esac'
  const script = `#!/bin/sh\n${count}\nif [ "$n" -ge ${nth} ] && ${fits} && mkdir "${dir}/struck" 2>/dev/null; then ${body}; fi\nexec "${git}" "$@"\n`
  await mkdir(dir)
  await writeFile(join(dir, 'git'), script, { mode: 0o755 })
}

/** Waits until the `nth` process below the tool has matched, or the tool is over. */
async function seen(tool: Launched, words: RegExp, nth: number): Promise<void> {
  const matched = new Set<number>()
  while (matched.size < nth && !tool.over()) {
    for (const pid of below(tool.pid)) if (words.test(commandOf(pid))) matched.add(pid)
    await sleep(1)
  }
}

/** All processes below one; Linux tells. */
function below(pid: number): number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => [child, ...below(child)])
}

function commandOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
}

/** Empty for what went away. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
