import * as z from 'zod'
import { PolicyFile } from '../../model/policy-file.ts'
import { nearest } from '../nearest/index.ts'
import { policySettings, withoutOptional } from './policy-settings.ts'

/** 1-based. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

/** Explains in plain words what is wrong, and where; one finding for each unknown key. */
export function explainProblems(
  issue: z.core.$ZodIssue,
  positions: ReadonlyMap<string, TextPosition>,
): (TextPosition & { text: string })[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ text: unknownKey(path, key), ...positionOfPath([...path, key], positions) }))
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  return [{ text: `${where}${sentence(issue)}`, ...positionOfPath(path, positions) }]
}

/** Where a problem is: at an unknown key, or at the value. */
export function placeOf(issue: z.core.$ZodIssue, positions: ReadonlyMap<string, TextPosition>): TextPosition {
  const path = issue.path.map(String)
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : []
  return positionOfPath(key === undefined ? path : [...path, key], positions)
}

/** The position of the path, or of the nearest part around it. */
export function positionOfPath(path: readonly string[], positions: ReadonlyMap<string, TextPosition>): TextPosition {
  for (let n = path.length; n >= 0; n--) {
    const found = positions.get(path.slice(0, n).join('.'))
    if (found) return found
  }
  return { line: 1, column: 1 }
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.input === null) return 'has no value; write a value or remove the key'
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing'
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.map((one) => one[0]).filter((one) => one !== undefined)
    const fitting = inner.find((one) => one.code !== 'invalid_type' && one.code !== 'invalid_value') ?? inner[0]
    return inner.every((one) => one.code === 'invalid_type' || one.code === 'invalid_value')
      ? inner.map((one) => plain(one.message)).join(', or ')
      : plain(fitting?.message ?? issue.message)
  }
  return plain(issue.message)
}

function plain(message: string): string {
  const text = message.replace(/^Invalid (?:input|option): /, '').replaceAll('|', ' or ')
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function unknownKey(path: readonly string[], key: string): string {
  const here = keysAt(path)
  const near = nearest(key, here)
  if (near) return `unknown key "${key}"; did you mean "${near}"?`
  const elsewhere = policySettings().find(
    (setting) => setting.key.split('.').at(-1) === key || setting.key.split('.').at(-2) === key,
  )
  if (elsewhere) {
    const home = elsewhere.key.split('.')
    return `the key "${key}" does not belong here; it belongs under "${home.slice(0, home.lastIndexOf(key)).join('.') || 'the top level'}"`
  }
  return `unknown key "${key}"; the keys here are: ${here.join(', ')}`
}

function keysAt(path: readonly string[]): string[] {
  let schema: z.ZodType = PolicyFile
  for (const step of path) {
    const inner = withoutOptional(schema)
    if (inner instanceof z.ZodObject) schema = inner.shape[step] as z.ZodType
    else if (inner instanceof z.ZodArray) schema = inner.element as z.ZodType
  }
  const last = withoutOptional(schema)
  return last instanceof z.ZodObject ? Object.keys(last.shape) : []
}
