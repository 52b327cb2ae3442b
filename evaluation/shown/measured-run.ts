import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What one run of a program for Node cost. Its own children count for the processor, not for the memory. */
export interface MeasuredRun {
  readonly status: number | null
  readonly output: string
  readonly cpuSeconds: number
  readonly peakMiB: number
  /** The most processor time between two turns of its event loop, in seconds. */
  readonly longestHold: number
}

/** Runs inside of the measured program: counts until it exits. Fields 14 to 17 of the line of proc(5) are ticks of 10 ms. */
const COUNTER = `const { readFileSync, writeFileSync } = require('node:fs')
let [last, longest] = [process.cpuUsage(), 0]
const look = () => {
  const { user, system } = process.cpuUsage(last)
  longest = Math.max(longest, (user + system) / 1e6)
  last = process.cpuUsage()
}
setInterval(look, 2).unref()
process.on('exit', () => {
  look()
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15)
  const cpuSeconds = ticks.reduce((sum, one) => sum + Number(one), 0) / 100
  // maxRSS of getrusage(2) counts the memory of the parent before exec, too.
  const peakMiB = Number(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) / 1024
  writeFileSync(process.env.COUNTED, JSON.stringify({ cpuSeconds, peakMiB, longestHold: longest }))
})
`

const MOST_SECONDS = 120

/** Runs `node …argv` and measures it; a run that does not end is killed, and costs Infinity. */
export async function measuredRun(
  argv: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<MeasuredRun> {
  const dir = await mkdtemp(join(tmpdir(), 'pp-measured-'))
  try {
    const [counter, counted] = [join(dir, 'counter.cjs'), join(dir, 'counted.json')]
    await writeFile(counter, COUNTER)
    const { status, output } = await ended(['--require', counter, ...argv], cwd, { ...env, COUNTED: counted })
    const costs = await readFile(counted, 'utf8').catch(() => null)
    const never = { cpuSeconds: Number.POSITIVE_INFINITY, peakMiB: Number.POSITIVE_INFINITY, longestHold: Number.NaN }
    return { status, output, ...(costs === null ? never : (JSON.parse(costs) as typeof never)) }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

function ended(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  return new Promise<{ status: number | null; output: string }>((resolve, reject) => {
    const child = spawn(process.execPath, argv, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), MOST_SECONDS * 1000)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(timer)
      resolve({ status, output })
    })
  })
}
