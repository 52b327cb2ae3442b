/** The kernel's words, names and numbers for a write on a read-only mount, or for a rename or removal of any mount point. */
const REFUSED =
  /\bE(?:ROFS|BUSY)\b|\bErrno (?:30|16)\b|\bos error (?:30|16)\b|read-?only (?:file ?system|database)|ReadOnlyFile ?system|(?:device or )?resource busy|is not writable/i

/** Whether an output says that a write was refused, as a sandbox does it. This alone decides nothing. */
export function mentionsRefusedWrite(output: string): boolean {
  return REFUSED.test(output)
}
