/** The process that runs the main script, as the supervisor sees it: orders go to its descriptor 3, words come from its descriptor 4. */
export const PP_NODE_PROCESS = String.raw`'use strict'
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

/** In seconds. */
const now = () => performance.now() / 1000
/** In seconds: how often the time of the processor is looked at, at most. */
const LOOK_EVERY = 0.02
/** How many times the kernel counts a second of the processor: the same on all machines with Linux that Node runs on. */
const TICKS = 100

/** In seconds: the time of the processor that the processes of a group and their ended children have used; null: it cannot be told. */
function processorTime(group) {
  let ticks = 0
  try {
    for (const pid of fs.readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue
      const words = statOf(pid)
      if (Number(words[2]) === group) ticks += words.slice(11, 15).reduce((sum, one) => sum + Number(one), 0)
    }
  } catch {
    return null
  }
  return ticks / TICKS
}

/** What follows the name of a program in /proc/PID/stat: state, parent, group, …; [] if it has ended. */
function statOf(pid) {
  try {
    const text = fs.readFileSync('/proc/' + pid + '/stat', 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

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

  /**
   * What became of one run, and how long it took. limit: in seconds, by the clock and of the processor, which is the same on a busy
   * machine.
   */
  async run(order, limit) {
    const [began, used] = [now(), processorTime(this.child.pid)]
    const ran = await this.outcome(order, limit, began, used)
    const cpu = processorTime(this.child.pid)
    const seconds = now() - began
    return { ...ran, seconds, cpu: used === null || cpu === null || cpu < used ? seconds : cpu - used }
  }

  async outcome(order, { wall, cpu }, began, used) {
    this.count++
    this.child.stdio[3].write(JSON.stringify(order) + '\n')
    let test = null
    for (;;) {
      while (this.lines.length > 0) {
        const line = this.lines.shift()
        if (line === null) return { how: 'died', test }
        if ('test' in line) test = line
        else if (line.starts) return { how: 'starts' }
        else return { how: 'ended', ...line }
      }
      if (this.gone) return { how: 'died', test }
      const passed = now() - began
      const spent = passed < cpu ? passed : (processorTime(this.child.pid) ?? used + passed) - used
      if (passed >= wall || spent >= cpu) return { how: 'slow', test }
      const left = Math.min(wall - passed, Math.max(LOOK_EVERY, cpu - spent))
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
