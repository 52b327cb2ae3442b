/** Orders to the worker come as lines of JSON on the descriptor 3, and what became of each is told on 4. */
export const PP_NODE_ORDERS = String.raw`'use strict'
const { readSync, writeSync } = require('node:fs')

function tell(line) {
  writeSync(4, JSON.stringify(line) + '\n')
}

const wait = new Int32Array(new SharedArrayBuffer(4))
let rest = ''

/** The next order; null: there are no more. */
function order() {
  const bytes = Buffer.alloc(65536)
  while (!rest.includes('\n')) {
    let count
    try {
      count = readSync(3, bytes)
    } catch (error) {
      if (error.code !== 'EAGAIN') return null
      Atomics.wait(wait, 0, 0, 1)
      continue
    }
    if (count === 0) return null
    rest += bytes.toString('latin1', 0, count)
  }
  const end = rest.indexOf('\n')
  const line = rest.slice(0, end)
  rest = rest.slice(end + 1)
  return JSON.parse(line)
}

module.exports = { order, tell }
`
