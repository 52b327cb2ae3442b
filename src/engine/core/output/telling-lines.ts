/** In lines and characters: a message that is longer says nothing more to anybody. */
const MOST_LINES = 40
const MOST_CHARACTERS = 2000
const LONGEST = 300

/** A call on the way to a failure, as the usual languages print it. */
const FRAME =
  /^\s*(?:at (?:async )?.*(?:[(:]\d+(?::\d+)?\)?|<(?:anonymous|Jasmine)>\)?|\(native\)|\(index \d+\))(?: \{)?$|❯ .*:\d+:\d+$|› .*\d+:\d+\)?$|#? ?\S+:\d+:in [`'].*'$|File ".*", line \d+|\S+\([\w$]+\.(?:java|kt|scala|groovy)(?::\d+)?\)$|[\w$./]+\((?:Native Method|Unknown Source)\)$|\[\.{3}\]$|\d+: 0x|(?:async )?(?:[\w.<>$[\] ]+ )?\(?(?:file:\/\/)?\S+\.[cm]?[jt]sx?:\d+:\d+\)?,?$)/
/** A line of source around the failing one, and what points into it. */
const SOURCE = /^\s*(?:\d+ ?\||\d+:(?: |$)|\|?\s*[\^~━]+[┛]?$|\| *$|-{8,}$|~{8,}$|_{8,}$)/
/** What Node prints of an error besides its message. */
const DUMPED =
  /^\s*(?:generatedMessage: |code: |operator: |diff: 'simple'|duration_ms: |type: |location: |name: |failureType: |error:(?: [|>][-+\d]*)?$|Error thrown in test:$|stack backtrace:$|note: (?:Some details are|run with `RUST_BACKTRACE)|[A-Z]\w*Error \{$|[{}\])],?$|---$|\.{3}$)/
/** What ends the words of a failure: the captured output of the test. */
const CAPTURED = /^-{3,} ?Captured |^\s*(?:stdout|stderr) \| /

/** Whether a line is a stack frame, a line of source, or a mark below one. */
export function isAround(line: string): boolean {
  return FRAME.test(line) || SOURCE.test(line)
}

/** The lines of a failure's text that say what happened, without common indentation: no frames, no source, no blank lines. */
export function tellingLines(body: readonly string[]): string[] {
  const end = body.findIndex((line) => CAPTURED.test(line))
  const told: string[] = []
  let room = MOST_CHARACTERS
  for (const line of end === -1 ? body : body.slice(0, end)) {
    const cut = line.slice(0, LONGEST).trimEnd()
    if (cut === '' || isAround(cut) || DUMPED.test(cut)) continue
    room -= cut.length
    if (room < 0 || told.length === MOST_LINES) break
    told.push(cut)
  }
  const indent = Math.min(...told.map((line) => line.search(/\S/)))
  return told.map((line) => line.slice(indent))
}
