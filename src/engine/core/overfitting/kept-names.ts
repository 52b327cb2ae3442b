import type { CodeNode } from '../../model/code.ts'
import { around, calleeOf, childAs, nearest, targetOf, walk, writtenValue } from './walk.ts'

/** Tells whether what a function writes to is still there at its next call. */
export function keptOutside(nodes: readonly CodeNode[]): (target: CodeNode, fn: CodeNode) => boolean {
  const outside = outsideNames(nodes)
  return (target, fn) => {
    const name = /^[\w$]+/.exec(target.text)?.[0] ?? ''
    const functions = [fn, ...around(fn)].filter((one) => one.is === 'function' && !isCalledInPlace(one))
    const rebinds = target.is === 'name' && (target.parent?.is === 'assign' || target.parent?.is === 'update')
    if (!rebinds && functions.some((one) => isKeptDefault(one, name))) return true
    if (!outside.has(name)) return false
    if (isDeclaredGlobal(fn, name)) return true
    return !functions.some((one) => isLocal(one, name))
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
      return target === null ? [] : [...walk(target)].filter(({ is }) => is === 'name').map(({ text }) => text)
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

function isDeclaredGlobal(fn: CodeNode, name: string): boolean {
  return [...walk(fn)].some(({ is, children }) => is === 'global' && children.some(({ text }) => text === name))
}

/** Whether the function declares this name: as a parameter, or by an assignment that does not reach outside. */
function isLocal(fn: CodeNode, name: string): boolean {
  const parameters = childAs(fn, 'parameters', 'parameter')
  if (parameters && [...walk(parameters)].some(({ is, text }) => is === 'name' && text === name)) return true
  const inPython = fn.operators.includes('def')
  return [...walk(fn)].some((node) => {
    const target =
      node.is === 'assign' ? targetOf(node) : node.role === 'left' && node.parent?.is === 'other' ? node : null
    if (target === null || nearest(target, ['function']) !== fn) return false
    const declares =
      inPython || (node.is === 'assign' && (childAs(node, 'left') === null || node.operators.includes(':=')))
    return (
      declares &&
      [...walk(target)].some(({ is, text }) => is === 'name' && text === name && !/^(?:member|index)$/.test(target.is))
    )
  })
}
