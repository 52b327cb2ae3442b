import { Worker } from 'node:worker_threads'

/** In ms: how often this thread shows that it runs; and how many times in a row it may miss that before it counts as stuck. */
const BEAT = 100
const MISSED = 30

/**
 * A thread of its own, because the watched thread does not run when it is stuck. It counts its own turns, so that a machine
 * that was asleep does not count as stuck.
 */
const WATCH = `
const { workerData: { beats, pid, beat, missed } } = require('node:worker_threads')
let [last, still] = [-1, 0]
setInterval(() => {
  const now = Atomics.load(beats, 0)
  still = now === last ? still + 1 : 0
  last = now
  if (still >= missed) process.kill(pid, 'SIGKILL')
}, beat)`

/**
 * From now on this process is killed if its event loop stands still for three seconds. A stuck process would not notice a
 * second signal either.
 */
export function endWhenStuck(): void {
  const beats = new Int32Array(new SharedArrayBuffer(4))
  setInterval(() => Atomics.add(beats, 0, 1), BEAT).unref()
  new Worker(WATCH, {
    eval: true,
    execArgv: [],
    workerData: { beats, pid: process.pid, beat: BEAT, missed: MISSED },
  }).unref()
}
