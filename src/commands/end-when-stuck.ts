import { Worker } from 'node:worker_threads'

/** How often this thread shows that it turns, and how often in a row it may miss before it counts as stuck; ms, times. */
const BEAT = 100
const MISSED = 30

/** A thread of its own, for what it watches does not run. Counts its own turns, so that a machine that slept is not stuck. */
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
 * From now on this process is killed once its event loop stands still for three seconds: asked to stop, it would not hear a
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
