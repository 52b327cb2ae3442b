/**
 * What a candidate does for inputs that are not the tests'. The inputs are the arguments with which the tests call functions that a
 * module of CommonJS exports, and such arguments changed a little, always in the same way; only what JSON can hold is an input. An
 * answer is the digest of what a call returns or throws and of what became of its arguments; '' where two calls differ or a promise
 * comes back. "none:" or "raises:" stands before the digest of a call that gave nothing, or no answer.
 */
export const PP_NODE_BEHAVIOUR = String.raw`'use strict'
const { createHash } = require('node:crypto')
const { isDeepStrictEqual } = require('node:util')
const vm = require('node:vm')

const MOST_CALLS = 60
const INPUTS = 100
/** In characters: a larger input is left out. */
const LARGEST = 4096
/** In ms: for one call, and for all of them. */
const ONE_CALL = 100
const ALL_CALLS = 1500
const CALL = Symbol.for('git-pp.call')

/** The exports of a module with functions that note how they are called. */
function recorded(exported, calls) {
  if (isPlain(exported)) return noting('', exported, calls)
  if (exported === null || typeof exported !== 'object') return exported
  for (const name of Object.keys(exported)) {
    const { value, writable } = Object.getOwnPropertyDescriptor(exported, name)
    if (writable && isPlain(value)) exported[name] = noting(name, value, calls)
  }
  return exported
}

function isPlain(value) {
  return typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value))
}

function noting(name, plain, calls) {
  return Object.assign(function (...args) {
    const text = asText([name, args])
    if (text !== null && calls.size < MOST_CALLS) calls.add(text)
    return new.target ? Reflect.construct(plain, args) : plain.apply(this, args)
  }, plain)
}

function asText(call) {
  try {
    const text = JSON.stringify(call)
    return text.length <= LARGEST && isDeepStrictEqual(JSON.parse(text), call) ? text : null
  } catch {
    return null
  }
}

/** A digest for each input. */
function behaviour(exported, calls) {
  const until = performance.now() + ALL_CALLS
  return inputs(calls).map((text) => {
    if (performance.now() > until) return ''
    const [one, other] = [outcome(exported, text), outcome(exported, text)]
    return one !== null && one === other ? kindOf(one) + createHash('sha256').update(one).digest('hex').slice(0, 12) : ''
  })
}

function kindOf(said) {
  if (said.startsWith('throws')) return 'raises:'
  return said.startsWith('["returns","undefined"') ? 'none:' : ''
}

function inputs(calls) {
  let state = 1
  const dice = (n) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >> 8) % n
  }
  const made = [...calls]
  while (calls.length > 0 && made.length < INPUTS) {
    const [name, args] = JSON.parse(calls[dice(calls.length)])
    made.push(JSON.stringify([name, args.map((one) => changed(dice, one))]))
  }
  return made
}

function changed(dice, value) {
  const pick = (list) => list[dice(list.length)]
  if (typeof value === 'number') return value + pick(Number.isInteger(value) ? [-2, -1, 0, 0, 1, 3, 10] : [-1.5, -0.25, 0, 0.5, 2])
  if (typeof value === 'string') {
    const at = dice(value.length + 1)
    return pick([value, value.slice(0, at), value.slice(0, at) + (value[0] || 'a') + value.slice(at), value.toUpperCase(), [...value].reverse().join('')])
  }
  if (Array.isArray(value)) {
    const items = value.map((one) => changed(dice, one))
    const at = dice(items.length || 1)
    if (items.length > 0) items.splice(at, 1, ...pick([[items[at]], [], [items[at], items[at]], [items[0]]]))
    return items
  }
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, changed(dice, one)]))
  return value
}

/** Null: it cannot be said. */
function outcome(exported, text) {
  const [name, args] = JSON.parse(text)
  const called = name === '' ? exported : exported && exported[name]
  if (typeof called !== 'function') return null
  globalThis[CALL] = () => called(...args)
  try {
    const result = vm.runInThisContext("globalThis[Symbol.for('git-pp.call')]()", { timeout: ONE_CALL })
    if (result && typeof result.then === 'function') return null
    return JSON.stringify(['returns', typeof result, result, args])
  } catch (error) {
    return error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'late' : 'throws ' + (error && error.name)
  } finally {
    delete globalThis[CALL]
  }
}

module.exports = { recorded, behaviour }
`
