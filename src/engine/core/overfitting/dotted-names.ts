import type { CodeNode } from '../../model/code.ts'
import { stringValue } from './literals.ts'
import { argumentsOf, calleeOf, targetOf, unwrapped, walk, writtenValue } from './walk.ts'

/** Functions that load the module that they are given the name of. */
const LOADERS = /^(?:require|__import__|importlib\.import_module|import|createRequire\(\))$/

/** A longer chain of names is no name of a library. */
const LONGEST = 20

/** What names of a file stand for: `environ` for `os.environ` after `from os import environ`. */
export interface DottedNames {
  /** 'os.environ.get' for that chain of names, however it is imported or renamed; a call in it is 'Error()'; null: no such chain. */
  of(node: CodeNode): string | null
  /** True: the first name of the chain is a module of others, or something out of it. */
  isForeign(node: CodeNode): boolean
}

export function dottedNames(nodes: readonly CodeNode[]): DottedNames {
  const meanings = new Map<string, string>()
  const foreign = new Set<string>()
  const of = (node: CodeNode) => dotted(node, meanings)
  for (const node of nodes) {
    if (node.is === 'import')
      for (const [name, meaning] of imported(node.text)) {
        meanings.set(name, meaning)
        if (!meaning.startsWith('.')) foreign.add(name)
      }
    else if (node.is === 'assign')
      for (const [name, meaning] of renamed(node, of)) {
        if (name !== meaning) meanings.set(name, meaning)
        if (loads(writtenValue(node)) && !meaning.startsWith('.')) foreign.add(name)
      }
  }
  return { of, isForeign: (node) => loads(node) || foreign.has(firstName(node)) }
}

function loads(node: CodeNode | null): boolean {
  return node !== null && LOADERS.test(/^[\w.]+(?=\()/.exec(node.text)?.[0] ?? '')
}

function firstName(node: CodeNode): string {
  return /^[\w$]+/.exec(node.text)?.[0] ?? ''
}

function dotted(node: CodeNode, meanings: ReadonlyMap<string, string>): string | null {
  const parts: string[] = []
  for (let at = unwrapped(node); ; ) {
    const link = linkOf(at)
    if (link === null || parts.length > LONGEST) return null
    parts.unshift(link.of === null ? (meanings.get(link.name) ?? link.name) : link.name)
    // What belongs to all code may be named as a part of the global object.
    if (link.of === null)
      return parts
        .join('.')
        .replaceAll('.()', '()')
        .replace(/^(?:globalThis|global|window)\./, '')
    at = unwrapped(link.of)
  }
}

/** The last name of a chain, and what it is a part of; null: no chain. */
function linkOf(node: CodeNode): { readonly name: string; readonly of: CodeNode | null } | null {
  const [first] = node.children
  if (node.is === 'name') return { name: node.text, of: null }
  if (node.is === 'call') {
    const [argument] = argumentsOf(node)
    const module = argument === undefined ? null : stringValue(argument)
    if (loads(node) && module !== null) return { name: moduleName(module), of: null }
    const callee = calleeOf(node)
    return callee === null ? null : { name: '()', of: callee }
  }
  // The words `this`, `self` and `crate` are no names in every grammar.
  if (first === undefined || node.children.length === 1) return null
  if (node.is === 'member') return { name: node.children.at(-1)?.text ?? '', of: first }
  const key = node.is === 'index' && node.children[1] ? stringValue(node.children[1]) : null
  return key === null ? null : { name: key, of: first }
}

function moduleName(text: string): string {
  return text.replace(/^node:/, '').replaceAll('::', '.')
}

/** The names that an import gives, and what they stand for. */
function imported(text: string): readonly (readonly [string, string])[] {
  const flat = text.replace(/\s+/g, ' ').replace(/;$/, '')
  const python = /^from (\S+) import \(?(.*?)\)?$/.exec(flat)
  if (python) return listed(python[2] ?? '', `${python[1]}.`)
  const script = /^import (?:type )?(.*?) ?from ?['"](.+)['"]/.exec(flat)
  if (script) return fromModule(script[1] ?? '', moduleName(script[2] ?? ''))
  const rust = /^(?:pub )?use (.+)$/.exec(flat)
  if (rust) return used(rust[1] ?? '')
  const go = /^(\w+ )?["`](.+)["`]$/.exec(flat)
  if (go) return [[go[1]?.trim() ?? (go[2] ?? '').replace(/^.*\//, ''), go[2] ?? '']]
  return /^import [\w.]/.test(flat) ? listed(flat.slice('import '.length), '') : []
}

/** `a, b as c` of `module.`; `import a.b` gives the name `a`. */
function listed(list: string, prefix: string): (readonly [string, string])[] {
  return list.split(',').flatMap((one) => {
    const [name = '', alias] = one.trim().split(/ as /)
    if (name === '') return []
    if (alias !== undefined) return [[alias, prefix + name] as const]
    return [[name.replace(/\..*/, ''), prefix + name.replace(/\..*/, '')] as const]
  })
}

function fromModule(names: string, module: string): (readonly [string, string])[] {
  const inner = /\{(.*)\}/.exec(names)?.[1] ?? ''
  const whole = names
    .replace(/\{.*\}/, '')
    .split(',')
    .map((one) => one.trim().replace(/^\* as /, ''))
    .filter((one) => one !== '')
  return [...whole.map((name) => [name, module] as const), ...listed(inner, `${module}.`)]
}

function used(path: string): (readonly [string, string])[] {
  const [, head = '', inner] = /^(.*?)(?:\{(.*)\})?$/.exec(path.replaceAll('::', '.')) ?? []
  if (inner === undefined) {
    const [name = '', alias] = head.split(/ as /)
    return [[alias ?? name.replace(/^.*\./, ''), name]]
  }
  return listed(inner, head).map(([name, meaning]) => [
    name === 'self' ? head.replace(/^.*?(\w+)\.$/, '$1') : name,
    meaning,
  ])
}

/** The names that an assignment gives to a chain of names: `const {env: e} = process` gives `e` for `process.env`. */
function renamed(assign: CodeNode, of: (node: CodeNode) => string | null): readonly (readonly [string, string])[] {
  const [target, value] = [targetOf(assign), writtenValue(assign)]
  const meaning = value === null ? null : of(value)
  // What a call gives has no name, but an error has the stack of the place where it is made.
  if (target === null || meaning === null || (/\(\)$/.test(meaning) && !/Error\(\)$/.test(meaning))) return []
  if (target.is === 'name') return [[target.text, meaning]]
  if (!target.text.startsWith('{')) return []
  return [...walk(target)].flatMap((node) => {
    if (node.is === 'entry') {
      const [key, name] = node.children
      return key && name?.is === 'name' ? [[name.text, `${meaning}.${key.text}`] as const] : []
    }
    return node.is === 'name' && node.parent === target ? [[node.text, `${meaning}.${node.text}`] as const] : []
  })
}
