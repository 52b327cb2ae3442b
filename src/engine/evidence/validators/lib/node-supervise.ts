/**
 * Takes the place of a main script that fails, and has a worker run it with one candidate after the other. Hanging and dying ones cost
 * a new worker. pp-candidates.jsonl and pp-words.jsonl are those of all validators (src/engine/model/validation.ts).
 */
export const PP_NODE_SUPERVISE = String.raw`'use strict'
const fs = require('node:fs')
const { join } = require('node:path')
const { Worker, now } = require('./pp-node-process.cjs')

/** In seconds of the processor, how long a candidate may take: at first, then, and at last. */
const CPU_TIERS = [0.25, 2, 10]
/** In seconds by the clock, for one that waits; and the part of the time that the slow ones get. */
const TIERS = [1, 4, 15]
const SHARES = [1, 0.25, 0.1]
const CONTROL_EVERY = 50
const WORKER_LASTS = 200
/** In seconds: after the first candidate that passes, others are tried for as long as it took to find it, and at least so long. */
const LEAST_LOOK = 3
/** In seconds: for starting a worker. */
const START = 20

function say(line) {
  fs.appendFileSync(join(__dirname, 'pp-words.jsonl'), JSON.stringify(line) + '\n')
}

/** True: the candidates were tried, so the main script does not run. False: it is to run as it would otherwise. */
async function supervise() {
  if (process.argv[1] === undefined) return false
  const [head, ...candidates] = fs
    .readFileSync(join(__dirname, 'pp-candidates.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const worker = new Worker()
  const base = await worker.run({ print: true }, patient(head))
  if (!fails(base) || !take()) {
    worker.end()
    return false
  }
  say(told(base))
  await new Trial(worker, base, head, candidates).run()
  say({ end: true })
  return true
}

/** For the unchanged program, which may have to load everything. */
function patient({ patience }) {
  return { wall: patience + START, cpu: patience + START }
}

function fails({ how, status }) {
  return how === 'slow' || (how === 'ended' && status !== 0)
}

/** Only one process of a command answers. */
function take() {
  try {
    fs.closeSync(fs.openSync(join(__dirname, 'pp-taken'), 'wx'))
    return true
  } catch {
    return false
  }
}

function told(base) {
  const by = nameOf(process.argv[1])
  if (base.how === 'slow') {
    const { test, by: runner } = base.test || {}
    return { by: runner || by, failing: test === undefined ? [] : [test], hanging: 1, passed: 0 }
  }
  if (base.by) return { by: base.by, failing: base.failing, hanging: 0, passed: base.passing.length }
  return { by, failing: [], hanging: 0, passed: 0, output: base.output }
}

function nameOf(file) {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(fs.realpathSync(file)) || []
  return name || 'a script'
}

class Trial {
  constructor(worker, base, head, candidates) {
    Object.assign(this, { worker, base, head, candidates, usual: { seconds: 0, cpu: 0 }, since: 0, good: true, all: false, calls: null })
    this.until = now() + head.seconds
    this.fresh = candidates.keys()
    this.slow = [[], [], []]
    this.spent = [0, 0, 0]
    this.lookOn = null
    this.lookUntil = this.until
    this.began = now()
  }

  tier(level) {
    const { seconds, cpu } = this.usual
    return { wall: Math.max(TIERS[level], 4 * seconds), cpu: Math.max(CPU_TIERS[level], 4 * cpu) }
  }

  async run() {
    const { base, head } = this
    if (base.how === 'slow' || base.dirty) this.renew()
    // What it takes when everything is loaded: the first run also loaded the test runner.
    const again = await this.unchanged(base.how === 'slow' ? this.tier(0) : patient(head))
    this.good = this.isBase(again)
    if (base.how !== 'slow') this.usual = again
    if (!this.good) await this.forgetAll()
    if (base.how === 'slow') this.renew()
    for (let next = this.next(); this.good && next !== null && now() < this.until; next = this.next()) {
      await this.judge(next)
      if (this.since >= CONTROL_EVERY) await this.control()
    }
    if (!this.good || this.since > 0) await this.control()
    this.worker.end()
  }

  /** Packages that keep what the first run left are loaded anew for each run, too. */
  async forgetAll() {
    this.all = true
    this.renew()
    for (const round of [1, 2]) {
      const again = await this.unchanged(patient(this.head))
      this.good = this.isBase(again)
      if (round === 2) this.usual = again
    }
  }

  unchanged(limit) {
    return this.worker.run({ print: true, all: this.all }, limit)
  }

  renew() {
    this.worker.end()
    this.worker = new Worker()
  }

  /** The next candidate and how long it may take, by its tier; null: there is none. */
  next() {
    const looks = this.lookOn === null
    const total = this.spent.reduce((sum, one) => sum + one, 0)
    for (const level of looks ? [2, 1] : [])
      if (this.slow[level].length > 0 && this.spent[level] + this.tier(level).cpu <= SHARES[level] * total)
        return { at: this.slow[level].shift(), level }
    if (looks || (this.lookOn-- > 0 && now() < this.lookUntil)) {
      const { value, done } = this.fresh.next()
      if (!done) return { at: value, level: 0 }
    }
    for (const level of looks ? [1, 2] : []) if (this.slow[level].length > 0) return { at: this.slow[level].shift(), level }
    return null
  }

  async judge({ at, level }) {
    const { path, start, end, text } = this.candidates[at]
    const file = join(process.env.PP_ROOT, path)
    const bytes = fs.readFileSync(file)
    const began = now()
    // A worker that was only just started has to load everything.
    if (this.worker.count === 0) await this.warm()
    const ran = await this.worker.run({ path, start, end, text, stop: true, all: this.all }, this.tier(level))
    this.spent[level] += now() - began
    const isNew = ran.how !== 'ended' || ran.dirty || this.worker.count >= WORKER_LASTS
    if (isNew) this.renew()
    if (ran.how !== 'ended') fs.writeFileSync(file, bytes)
    if (ran.how === 'slow' && level < 2) this.slow[level + 1].push(at)
    const passes = ran.how === 'ended' && ran.status === 0
    if (passes) await this.compare(at)
    this.word(at, passes ? 'passes' : ran.how === 'slow' ? 'slow' : ran.how === 'starts' ? 'cannot' : 'fails')
  }

  /** Says what a candidate that passes does for further inputs. */
  async compare(at) {
    const { path, start, end, text } = this.candidates[at]
    const edit = { path, start, end, text, all: this.all }
    const file = join(process.env.PP_ROOT, path)
    const bytes = fs.readFileSync(file)
    const ask = async (more) => {
      const ran = await this.worker.run({ ...edit, ...more }, this.tier(1))
      if (ran.how !== 'ended' || ran.dirty) this.renew()
      if (ran.how !== 'ended') fs.writeFileSync(file, bytes)
      return ran
    }
    this.calls = this.calls || (await ask({ record: true })).calls || []
    if (this.calls.length === 0) return
    const { does } = await ask({ calls: this.calls })
    if (does && does.length > 0) say({ n: at, does })
  }

  /** A new worker is only trusted if the unchanged program fails in it as before. */
  async warm() {
    if (this.base.how === 'slow') return
    this.good = this.good && this.isBase(await this.unchanged(patient(this.head)))
    if (this.base.dirty) this.renew()
  }

  word(at, is) {
    say({ n: at, is })
    this.since++
    if (is !== 'passes' || this.lookOn !== null) return
    this.lookOn = this.head.lookOn
    this.lookUntil = now() + Math.max(LEAST_LOOK, now() - this.began)
  }

  /** Without a change the same tests have to fail and to pass. */
  async control() {
    this.since = 0
    const limit = this.base.how === 'slow' ? this.tier(0) : this.tier(2)
    const ran = await this.unchanged(limit)
    this.good = this.good && this.isBase(ran)
    if (ran.how !== 'ended' || ran.dirty) this.renew()
    say({ control: this.good })
  }

  isBase(ran) {
    const { base } = this
    if (base.how !== ran.how) return false
    if (base.how === 'slow') return true
    const same = (one, other) => JSON.stringify([...one].sort()) === JSON.stringify([...other].sort())
    return base.status === ran.status && same(base.failing, ran.failing) && same(base.passing, ran.passing)
  }
}

module.exports = { supervise }
`
