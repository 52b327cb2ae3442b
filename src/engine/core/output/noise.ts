import { isAround } from './telling-lines.ts'

/** The result of a test that passed, was skipped, or only begins, as the usual runners print it. */
const PASSED =
  /^\s*(?:[✓✔√☑◯○﹣•] |ok \d+\b|(?:=== (?:RUN|PAUSE|CONT|NAME)|--- (?:PASS|SKIP)):? |\[ (?:RUN {6}| {6}OK|-{10})|\[-{10}\]|# Subtest: |PASS(?:ED)? |\d+\/\d+ Test +#\d+: .* Passed |Start +\d+: |\[OK\]|##teamcity\[test(?:Started|Finished|Suite\w+|Count))|:PASS$| \.{3} (?:ok|ignored|skipped\b.*)$| PASSED(?: +\[ *\d+%\])?$|^.*?#\S+ = [\d.]+ s = \.$| \[OK\]$| \(\d+ ?ms\) ✓$/
/** Dots, bars and percentages. */
const PROGRESS = /^\s*(?:[.sSFEx•✘,*▬=>#-]{3,}|[.FE]+ +\[ *\d+%\]|.*\b\d+ ?\/ ?\d+ \(\d+%\)|\d{1,3}%.*)$/
/** What follows a failed command, whatever it was: package managers, make, CI systems. */
const EPILOGUE =
  /^\s*(?:npm (?:ERR!|error|warn)|error Command failed|info Visit |ELIFECYCLE|\[?ERR_PNPM|\s*ELIFECYCLE|make(?:\[\d+\])?: (?:Leaving|Entering) |##\[(?:endgroup|group|debug)|::(?:end)?group|Process completed|\(node:\d+\) |\(Use `node|Node\.js v\d|lerna |Run `|note: run with `RUST_BACKTRACE|error: test failed, to rerun|error: \d+ targets? failed|To honour the JUnit)/

/** Whether a line of an output says nothing about a failure. */
export function isNoise(line: string): boolean {
  return line.trim() === '' || PASSED.test(line) || PROGRESS.test(line) || EPILOGUE.test(line) || isAround(line)
}
