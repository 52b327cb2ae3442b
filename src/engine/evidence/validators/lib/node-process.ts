/** The process that runs the main script, as the supervisor sees it: orders go to its descriptor 3, words come from its descriptor 4. */
export const PP_NODE_PROCESS = String.raw`'use strict'
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

/** In seconds. */
const now = () => performance.now() / 1000

class Worker {
  constructor() {
    this.count = 0
    this.tmp = fs.mkdtempSync(join(tmpdir(), 'pp-'))
    const env = { ...process.env, PP_NODE_ROLE: 'worker', TMPDIR: this.tmp }
    const words = [...process.execArgv, ...process.argv.slice(1)]
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']
    this.child = spawn(process.execPath, words, { env, stdio, detached: true })
    this.rest = ''
    this.lines = []
    this.gone = false
    this.wake = () => {}
    this.child.stdio[3].on('error', () => {})
    this.child.stdio[4].setEncoding('utf8').on('data', (more) => {
      const all = (this.rest + more).split('\n')
      this.rest = all.pop()
      for (const line of all) this.lines.push(read(line))
      this.wake()
    })
    for (const event of ['exit', 'error'])
      this.child.on(event, () => {
        this.gone = true
        setImmediate(() => this.wake())
      })
  }

  /** What became of one run; null: it took longer than these seconds. */
  async run(order, seconds) {
    this.count++
    this.child.stdio[3].write(JSON.stringify(order) + '\n')
    const until = now() + seconds
    let test = null
    for (;;) {
      while (this.lines.length > 0) {
        const line = this.lines.shift()
        if (line === null) return { how: 'died', test }
        if ('test' in line) test = line.test
        else if (line.starts) return { how: 'starts' }
        else return { how: 'ended', ...line }
      }
      if (this.gone) return { how: 'died', test }
      const left = until - now()
      if (left <= 0) return { how: 'slow', test }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left * 1000)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  end() {
    try {
      process.kill(-this.child.pid, 'SIGKILL')
    } catch {}
    fs.rmSync(this.tmp, { recursive: true, force: true })
  }
}

function read(line) {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

module.exports = { Worker, now }
`
