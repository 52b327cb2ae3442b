import { execFile, spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { promisify } from 'node:util'

/** Programs of an image that holds what it needs; dash is the shell, as `sh` leads to it. */
const PROGRAMS = [
  'sh dash env ls cat id sleep true false rm mkdir touch cp mv ln dd head tail grep sed setsid timeout ps mount chmod',
  'python3 git node',
].flatMap((line) => line.split(' '))

const DIRECTORIES = ['usr', 'etc', 'tmp', 'proc', 'dev', 'sys', 'run', 'root', 'var/tmp']
const LINKS = { bin: 'usr/bin', sbin: 'usr/sbin', lib: 'usr/lib', lib64: 'usr/lib64' }
const PYTEST = ['pytest', '_pytest', 'pluggy', 'packaging', 'iniconfig', 'attr', 'py', 'py.py']

/**
 * Writes a root file system made from this machine's own files as a tar archive. `bare`: directories and links alone, for a /usr
 * that is mounted; `whole`: a shell, the usual small programs, git, Node, Python with pytest, and the libraries they load.
 */
export async function machineTar(to: string, kind: 'bare' | 'whole'): Promise<void> {
  const root = await fs.mkdtemp(`${to}-`)
  try {
    for (const dir of DIRECTORIES) await fs.mkdir(path.join(root, dir), { recursive: true })
    for (const [name, target] of Object.entries(LINKS)) await fs.symlink(target, path.join(root, name))
    await promisify(execFile)('tar', ['-C', root, '-cf', to, '.'])
    if (kind === 'whole') await append(to, await wanted())
  } finally {
    await fs.rm(root, { recursive: true, force: true })
  }
}

/** Paths below /usr, each as a symlink or as what it is. */
async function wanted(): Promise<readonly string[]> {
  const python = path.dirname((await python3('import os; print(os.__file__)')).trim())
  const packages = '/usr/lib/python3/dist-packages'
  const beside = (await fs.readdir(packages)).filter((name) =>
    PYTEST.some((one) => name === one || name.startsWith(`${one}-`)),
  )
  const modules = (await fs.readdir(path.join(python, 'lib-dynload'))).map((name) =>
    path.join(python, 'lib-dynload', name),
  )
  const programs = PROGRAMS.map((name) => `/usr/bin/${name}`)
  const chains = await Promise.all([...programs, '/usr/lib/git-core/git'].map(chain))
  const libraries = await loaded([...chains.flat(), ...modules])
  return [...chains.flat(), ...libraries, python, ...beside.map((name) => path.join(packages, name))]
}

/** A path, and what it leads to link by link. */
async function chain(at: string): Promise<string[]> {
  const to = await fs.readlink(at).catch(() => null)
  return to === null ? [at] : [at, ...(await chain(path.resolve(path.dirname(at), to)))]
}

/** What ldd(1) says that programs load, with the links on the way; in /usr, where /lib leads. */
async function loaded(programs: readonly string[]): Promise<string[]> {
  const printed = await promisify(execFile)('ldd', [...programs]).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '', // status 1 for a script among them
  )
  const named = [...printed.matchAll(/(?:^|\s)(\/\S+) \(0x/g)].map(([, at = '']) =>
    at.startsWith('/usr/') ? at : `/usr${at}`,
  )
  return (await Promise.all([...new Set(named)].map(chain))).flat().map((at) => at.replace(/^\/(?=lib)/, '/usr/'))
}

async function python3(script: string): Promise<string> {
  return (await promisify(execFile)('/usr/bin/python3', ['-c', script])).stdout
}

function append(to: string, paths: readonly string[]): Promise<void> {
  const list = [...new Set(paths)].map((at) => at.slice(1)).join('\n')
  return new Promise((resolve, reject) => {
    const options = ['-C', '/', '--exclude=__pycache__', '--exclude=*/python3*/test', '-T', '-', '-rf', to]
    const child = spawn('tar', options, { stdio: ['pipe', 'ignore', 'inherit'] })
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))))
    child.stdin.end(list)
  })
}
