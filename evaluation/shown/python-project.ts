import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Where Debian's packages for Python lie: other Pythons of a machine do not see them. */
const DEBIAN = '/usr/bin/python3'

/** The directory of Python's own library, or of an installed package; null where it is not on this machine. */
export async function pythonSources(name: 'stdlib' | 'networkx'): Promise<string | null> {
  const code =
    name === 'stdlib'
      ? 'import sysconfig; print(sysconfig.get_paths()["stdlib"])'
      : `import importlib.util as u, os; s = u.find_spec(${JSON.stringify(name)}); print(os.path.dirname(s.origin) if s else "")`
  return new Promise((resolve) => {
    execFile(DEBIAN, ['-I', '-c', code], (error, stdout) => resolve(error ? null : stdout.trim() || null))
  })
}

/** Python files below a directory, relative to it and in order, but for packages installed into it. */
export async function pythonFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
  const paths = files.map((entry) => relative(dir, join(entry.parentPath, entry.name)))
  return paths.filter((path) => !/(^|\/)(site-packages|dist-packages)\//.test(path)).sort()
}
