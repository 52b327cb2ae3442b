/**
 * Errors that programs meet on a stacked tree and not on a plain directory: EXDEV, ESTALE, EOVERFLOW; and ENOSPC and EDQUOT,
 * because its space is in memory. The words are those of glibc, musl, Go and Windows-like runtimes.
 */
const OF_STACKED_TREES =
  /\bE(?:XDEV|STALE|OVERFLOW|NOSPC|DQUOT)\b|\b(?:Errno|os error) (?:18|116|75|28|122)\b|cross-device link|CrossesDevices|stale (?:nfs )?file handle|value too large for (?:defined )?data type|no space left on device|disk quota exceeded/i

/** Whether an output names an error that the way in which the work tree was made may have caused. This alone decides nothing. */
export function mentionsStackedTree(output: string): boolean {
  return OF_STACKED_TREES.test(output)
}
