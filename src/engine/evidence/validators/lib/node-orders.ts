/**
 * How a process that tries candidates hears and answers: orders come as lines of JSON on the descriptor 3, and what became of each
 * is told on 4. A candidate stands in its file while it is tried.
 */
export const PP_NODE_ORDERS = String.raw`'use strict'
const fs = require('node:fs')

const ROOT = fs.realpathSync(process.env.PP_ROOT || '/').replace(/\/?$/, '/')
// Candidates may change what the module gives to others.
const { readFileSync, readSync, statSync, utimesSync, writeFileSync, writeSync } = fs

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

let stamp = 0

/** Puts a candidate into its file, and gives what puts the file back; without one, nothing is done. */
function place({ path, start, end, text }) {
  if (path === undefined) return () => {}
  const file = ROOT + path
  const bytes = readFileSync(file)
  const { atime, mtime } = statSync(file)
  writeFileSync(file, Buffer.concat([bytes.subarray(0, start), Buffer.from(text, 'latin1'), bytes.subarray(end)]))
  // Caches that go by the time of a change do not tell two changes in one tick of the clock apart.
  stamp += 1
  utimesSync(file, atime, new Date(mtime.getTime() + 1000 * stamp))
  return () => {
    writeFileSync(file, bytes)
    utimesSync(file, atime, mtime)
  }
}

module.exports = { ROOT, order, place, tell }
`
