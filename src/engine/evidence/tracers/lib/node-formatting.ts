/**
 * What libraries of assertions call in order to write the message of a failure belongs to no test: a class of the product may say how
 * it is printed. The functions of node:assert are first called with a message, so that none is made; chai makes its message only where
 * its condition fails; a matcher of jest gives a function that makes it. What they then call is not counted.
 */
export const PP_FORMATTING = String.raw`'use strict'
const Module = require('node:module')
const { aside } = require('./pp-tests.cjs')

const COMPARES = /^(?:not)?(?:equal|strictEqual|deepEqual|deepStrictEqual|partialDeepStrictEqual)$/i
/** To leave something out takes as long as to take the counts; a test may catch many failures. */
let left = 200

function apart(call) {
  const resume = left-- > 0 ? aside() : () => {}
  try {
    return call()
  } finally {
    resume()
  }
}

function withoutUs(error) {
  if (error && typeof error.stack === 'string')
    error.stack = error.stack.split('\n').filter((line) => !line.includes(__filename)).join('\n')
  return error
}

function compares(plain) {
  const call = function (...args) {
    if (args.length !== 2) return plain.apply(this, args)
    const failed = new Error()
    try {
      return plain.call(this, ...args, failed)
    } catch (error) {
      if (error !== failed) throw error
    }
    try {
      return apart(() => plain.apply(this, args))
    } catch (error) {
      throw withoutUs(error)
    }
  }
  return Object.defineProperty(call, 'name', { value: plain.name })
}

function meetAssert(assert) {
  const met = new Map()
  for (const one of [assert, assert.strict])
    for (const name of Object.keys(one))
      if (COMPARES.test(name) && typeof one[name] === 'function') {
        const plain = one[name]
        if (!met.has(plain)) met.set(plain, compares(plain))
        one[name] = met.get(plain)
      }
  Module.syncBuiltinESMExports()
}

function meetChai({ Assertion, util }) {
  const { assert } = Assertion.prototype
  Assertion.prototype.assert = function (holds, ...more) {
    const fails = Boolean(util.flag(this, 'negate')) === Boolean(holds)
    return fails ? apart(() => assert.call(this, holds, ...more)) : assert.call(this, holds, ...more)
  }
}

const MATCHERS = Symbol.for('$$jest-matchers-object')
const seen = new WeakSet()

function later(result) {
  if (!result || typeof result.message !== 'function') return result
  const { message } = result
  return { ...result, message: () => apart(() => message()) }
}

/** The matchers of expect, which it keeps in the global object of its test files. */
function meetExpect(global) {
  const { matchers = {} } = global[MATCHERS] || {}
  for (const [name, matcher] of Object.entries(matchers)) {
    if (seen.has(matcher)) continue
    const call = function (...args) {
      const result = matcher.apply(this, args)
      return result && typeof result.then === 'function' ? result.then(later) : later(result)
    }
    for (const key of Reflect.ownKeys(matcher))
      if (!['length', 'name', 'prototype'].includes(key)) Object.defineProperty(call, key, Object.getOwnPropertyDescriptor(matcher, key))
    seen.add(call)
    matchers[name] = call
  }
}

module.exports = { meetAssert, meetChai, meetExpect }
`
