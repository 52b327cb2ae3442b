import type { Execution } from '../../model/evidence.ts'

// ECMA-48: CSI … final byte, OSC … BEL or ST, and the two-byte escapes. OSC bodies are bounded, so a lone ESC ] costs little.
const ESCAPES = /\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|[ -/]{0,4}[0-~])/g

/** The text without terminal escapes; every line ends with '\n' alone. A carriage return inside a line starts a new line. */
export function stripAnsi(text: string): string {
  return text.replace(ESCAPES, '').replace(/\r\n?/g, '\n')
}

/** All that an execution printed, stdout before stderr, as plain text. Runners, locations and headlines are read from it. */
export function printedText(execution: Pick<Execution, 'stdout' | 'stderr'>): string {
  const decode = (bytes: Uint8Array) => stripAnsi(new TextDecoder().decode(bytes))
  const out = decode(execution.stdout.kept)
  const err = decode(execution.stderr.kept)
  return out === '' || out.endsWith('\n') ? out + err : `${out}\n${err}`
}
