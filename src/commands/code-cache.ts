import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { Script } from 'node:vm'
import { GATE_JOB } from '../engine/index.ts'
import { BUILT_PROGRAM } from './built.ts'
import { ownerOf, readOwn } from './own-file.ts'

/** Verbs that open no private key; sessions have their proofs signed by a process of its own. */
const VERBS = new Set(['export', 'gate', GATE_JOB, 'log', 'prove', 'replay', 'report', 'run', 'show', 'verify'])
/** With one of these, a verb that checks signatures may read a shared secret. */
const OF_KEYS = /^--(key|key-env|attestation-key-env)(=|$)/
const SIGN_APART = new Set(['prove', 'run'])

/**
 * From now on this process takes the files of the program that it loads from V8's cache of compiled code, and leaves one behind
 * where there was none.
 */
export function useCodeCache(verb: string, argv: readonly string[], env: NodeJS.ProcessEnv): void {
  // A program that runs from its source has other files.
  if (BUILT_PROGRAM === null || !mayUseCodeCache(verb, argv, env)) return
  const cache = openCodeCache(dirname(import.meta.dirname), verb)
  if (cache === null) return
  const { extensions } = createRequire(import.meta.filename)
  const standard = extensions['.js']
  extensions['.cjs'] = (module, file) => cache.run(module, file) || standard(module, file)
  process.on('exit', (status) => {
    // Both "yes" and "no" take the whole way. What a shorter way left behind, such as one without a proof, would never be added to.
    if (status <= 1) cache.save()
  })
}

/** Never a process that may open a private key or a secret, and none in CI, where an earlier job may have left the cache. */
export function mayUseCodeCache(verb: string, argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const opensKey = !SIGN_APART.has(verb) && argv.some((word) => OF_KEYS.test(word))
  return VERBS.has(verb) && !opensKey && !env['CI']
}

/** The compiled form of one file of the program. */
interface CompiledFile {
  /** The SHA-256 of the file. V8 itself compares only the length, so it would run the code of an older file. */
  readonly source: string
  readonly code: Buffer
}

/** The compiled program for one verb, as far as a run of it used it. */
export interface CodeCache {
  /**
   * Runs a file of the program as a module; its compiled form is taken from the cache if it is of the very same file. False: the
   * file is not the owner's alone, and was not run.
   */
  readonly run: (module: NodeJS.Module, file: string) => boolean
  /** Keeps what was compiled for the next process. A cache that cannot be written is no error. */
  readonly save: () => void
  /** The files whose compiled form came from the cache. */
  readonly taken: ReadonlySet<string>
}

/**
 * Null where no cache may be used: `program`, the cache in it and each file that is loaded must belong to one user, and nobody else
 * may write there. So whoever could change the cache could as well change the program.
 */
export function openCodeCache(program: string, verb: string): CodeCache | null {
  const owner = ownerOf(program)
  if (owner === null) return null
  const place = join(program, 'code-cache', `${verb}-${process.version}-${process.arch}`)
  const known = ownerOf(dirname(place)) === owner ? unpack(readOwn(place, owner)) : new Map<string, CompiledFile>()
  const scripts = new Map<string, { readonly source: string; readonly script: Script }>()
  const taken = new Set<string>()
  const flags = flagsOfV8()

  const run = (module: NodeJS.Module, file: string) => {
    const name = relative(program, file)
    const bytes = readOwn(file, owner)
    if (bytes === null) return false
    const source = sha256(bytes)
    const found = known.get(name)
    const cachedData = found?.source === source ? found.code : undefined
    // The build writes ASCII alone, and V8 reads such a text faster where it knows that.
    const script = new Script(Module.wrap(bytes.toString('latin1')), {
      filename: file,
      ...(cachedData && { cachedData }),
    })
    if (cachedData !== undefined && script.cachedDataRejected === false) taken.add(name)
    else if (cachedData === undefined) scripts.set(name, { source, script })
    script.runInThisContext()(module.exports, module.require.bind(module), module, file, dirname(file))
    return true
  }
  const save = () => {
    if (scripts.size === 0 || process.getuid?.() !== owner || !flags.equals(flagsOfV8())) return
    const now = new Map(known)
    for (const [name, { source, script }] of scripts) now.set(name, { source, code: script.createCachedData() })
    write(place, pack(now))
  }
  return { run, save, taken }
}

/** Differs where a flag of V8 was changed since: what is compiled then would not be taken by the next process. */
function flagsOfV8(): Buffer {
  return new Script('0').createCachedData()
}

/** Old and new readers see a whole file or none. */
function write(place: string, bytes: Buffer): void {
  const unfinished = `${place}.${process.pid}`
  const remove = () => rmSync(unfinished, { force: true })
  try {
    mkdirSync(dirname(place), { recursive: true, mode: 0o755 })
    remove()
    writeFileSync(unfinished, bytes, { flag: 'wx', mode: 0o644 })
    renameSync(unfinished, place)
  } catch {
    if (ownerOf(dirname(place)) !== null) remove()
  }
}

/** A line with the SHA-256 of the rest, a line that lists the files, and their compiled forms. */
function pack(files: ReadonlyMap<string, CompiledFile>): Buffer {
  const list = [...files].map(([name, { source, code }]) => ({ name, source, length: code.length }))
  const rest = Buffer.concat([Buffer.from(`${JSON.stringify(list)}\n`), ...[...files.values()].map(({ code }) => code)])
  return Buffer.concat([Buffer.from(`${sha256(rest)}\n`), rest])
}

/** Nothing for a cache that is damaged: V8 would run it. */
function unpack(bytes: Buffer | null): ReadonlyMap<string, CompiledFile> {
  const files = new Map<string, CompiledFile>()
  const [first, second] = [bytes?.indexOf('\n') ?? -1, bytes?.indexOf('\n', 65) ?? -1]
  if (bytes === null || first !== 64 || second < 0) return files
  if (sha256(bytes.subarray(65)) !== bytes.toString('latin1', 0, 64)) return files
  // The digest shows that `pack` wrote it.
  const list = JSON.parse(bytes.toString('utf8', 65, second)) as { name: string; source: string; length: number }[]
  let start = second + 1
  for (const { name, source, length } of list) {
    files.set(name, { source, code: bytes.subarray(start, start + length) })
    start += length
  }
  return files
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
