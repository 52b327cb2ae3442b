import type { CodeNode } from '../../model/code.ts'
import { around, calleeOf, childAs, nearest, targetOf, walk, writtenValue } from './walk.ts'

/** Tells whether what a function writes to is still there at its next call. */
export function keptOutside(nodes: readonly CodeNode[]): (target: CodeNode, fn: CodeNode) => boolean {
  const outside = outsideNames(nodes)
  const known = new Map<CodeNode, OwnNames>()
  const namesOf = (fn: CodeNode) => {
    const names = known.get(fn) ?? ownNames(fn)
    known.set(fn, names)
    return names
  }
  return (target, fn) => {
    const name = /^[\w$]+/.exec(target.text)?.[0] ?? ''
    const functions = [fn, ...around(fn)].filter((one) => one.is === 'function' && !isCalledInPlace(one))
    const rebinds = target.is === 'name' && (target.parent?.is === 'assign' || target.parent?.is === 'update')
    if (!rebinds && functions.some((one) => isKeptDefault(one, name))) return true
    if (!outside.has(name)) return false
    if (namesOf(fn).globals.has(name)) return true
    return !functions.some((one) => namesOf(one).locals.has(name))
  }
}

/** The names that are defined outside of every function, or in a function that is called where it stands. */
function outsideNames(nodes: readonly CodeNode[]): ReadonlySet<string> {
  return new Set(
    nodes.flatMap((node) => {
      if (node.is !== 'assign' && node.is !== 'function' && node.is !== 'class') return []
      const fn = nearest(node, ['function'])
      if (fn !== null && !isCalledInPlace(fn)) return []
      const target = node.is === 'assign' ? targetOf(node) : childAs(node, 'name')
      return target === null ? [] : namesIn(target)
    }),
  )
}

function isCalledInPlace(fn: CodeNode): boolean {
  const wrapped = fn.parent?.is === 'other' ? fn.parent : fn
  return wrapped.parent?.is === 'call' && calleeOf(wrapped.parent) === wrapped
}

/** A list or an object as the default of a Python parameter is made once, and not for each call. */
function isKeptDefault(fn: CodeNode, name: string): boolean {
  const parameters = childAs(fn, 'parameters')?.children ?? []
  return (
    fn.operators.includes('def') &&
    parameters.some((one) => childAs(one, 'name')?.text === name && writtenValue(one)?.is === 'list')
  )
}

interface OwnNames {
  /** Names that the function takes from outside in order to write them. */
  readonly globals: ReadonlySet<string>
  /** Names that it declares: parameters, and assignments that do not reach outside. */
  readonly locals: ReadonlySet<string>
}

function ownNames(fn: CodeNode): OwnNames {
  const all = [...walk(fn)]
  const parameters = childAs(fn, 'parameters', 'parameter')
  const declared = all.filter((node) => nearest(node, ['function']) === fn).flatMap((node) => declaredBy(node, fn))
  return {
    globals: new Set(all.filter(({ is }) => is === 'global').flatMap(namesIn)),
    locals: new Set([...(parameters ? namesIn(parameters) : []), ...declared]),
  }
}

/** The names that an assignment declares in its function, and in Python every assignment and loop does. */
function declaredBy(node: CodeNode, fn: CodeNode): readonly string[] {
  const isLoop = node.role === 'left' && node.parent?.is === 'other'
  const target = node.is === 'assign' ? targetOf(node) : isLoop ? node : null
  if (target === null || target.is === 'member' || target.is === 'index') return []
  const declares = node.is === 'assign' && (childAs(node, 'left') === null || node.operators.includes(':='))
  return declares || fn.operators.includes('def') ? namesIn(target) : []
}

function namesIn(node: CodeNode): readonly string[] {
  return [...walk(node)].filter(({ is }) => is === 'name').map(({ text }) => text)
}
