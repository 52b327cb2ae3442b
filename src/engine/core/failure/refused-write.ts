/** The kernel's words, names and numbers for a write that meets a read-only mount, or a rename and a removal that meet any mount. */
const REFUSED =
  /\bE(?:ROFS|BUSY)\b|\bErrno (?:30|16)\b|\bos error (?:30|16)\b|read-?only (?:file ?system|database)|ReadOnlyFile ?system|(?:device or )?resource busy|is not writable/i

/** Whether an output says that something could not be written where a sandbox does not let it be. Nothing is decided by it. */
export function mentionsRefusedWrite(output: string): boolean {
  return REFUSED.test(output)
}
