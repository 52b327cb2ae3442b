import type { Execution } from '../../model/evidence.ts'

// ECMA-48: CSI … final byte, OSC … BEL or ST, and the two-byte escapes. OSC bodies are bounded, so a lone ESC ] costs little.
const ESCAPES = /\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|[ -/]{0,4}[0-~])/g

/** The text without terminal escapes; every line ends with '\n' alone. A carriage return inside a line starts a new line. */
export function stripAnsi(text: string): string {
  return text.replace(ESCAPES, '').replace(/\r\n?/g, '\n')
}

interface PrintedText {
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly text: string
}

/**
 * The last answer. Several readers ask for the text of one execution after another, and it may have megabytes: without this,
 * each would get a copy of its own. Only one is kept, so that the texts of many runs are not in memory together.
 */
let last: PrintedText | null = null

/** All that an execution printed, stdout before stderr, as plain text. Runners, locations and headlines are read from it. */
export function printedText(execution: Pick<Execution, 'stdout' | 'stderr'>): string {
  const [stdout, stderr] = [execution.stdout.kept, execution.stderr.kept]
  if (last?.stdout !== stdout || last.stderr !== stderr) last = { stdout, stderr, text: decoded(stdout, stderr) }
  return last.text
}

function decoded(stdout: Uint8Array, stderr: Uint8Array): string {
  const decode = (bytes: Uint8Array) => stripAnsi(new TextDecoder().decode(bytes))
  const [out, err] = [decode(stdout), decode(stderr)]
  return out === '' || out.endsWith('\n') ? out + err : `${out}\n${err}`
}
