/** Whether an output names a path, in full or by its last part, because most programs print only the last part. */
export function named(output: string, path: string): boolean {
  const base = path.slice(path.lastIndexOf('/') + 1)
  for (let at = output.indexOf(base); at !== -1; at = output.indexOf(base, at + 1))
    if (!/[\w.-]/.test(output[at - 1] ?? ' ') && !/[\w-]/.test(output[at + base.length] ?? ' ')) return true
  return false
}
