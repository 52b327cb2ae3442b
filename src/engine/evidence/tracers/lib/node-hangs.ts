import * as z from 'zod'
import type { Spectrum, Trace } from '../../../model/trace.ts'
import type { TrackedFiles } from '../../../ports/tracer.ts'
import { addLines, type ExecutedLines } from './spectra.ts'
import { pathOf } from './v8-coverage.ts'

/**
 * A process that is killed writes no counts. So a thread beside the main one takes them shortly before the end, and asks where the
 * main thread is if it does not come to rest. PP_HANG_AFTER: when, in ms. V8 answers in the middle of a loop.
 * https://nodejs.org/api/inspector.html#sessionconnecttomainthread (Node 20.11 and later)
 */
export const PP_HANGS = String.raw`'use strict'
const { isMainThread, Worker } = require('node:worker_threads')

function watch() {
  const fs = require('node:fs')
  const { join } = require('node:path')
  const { Session } = require('node:inspector')
  const { workerData } = require('node:worker_threads')
  const beats = new Int32Array(workerData.beats)
  const scripts = new Map()
  const session = new Session()
  const write = (name, value) => fs.writeFileSync(join(workerData.dir, name), JSON.stringify(value))

  function askWhere() {
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url))
    session.on('Debugger.paused', ({ params }) => {
      session.post('Debugger.resume')
      const frames = params.callFrames.map(({ location }) => ({
        url: scripts.get(location.scriptId) || '',
        line: location.lineNumber + 1,
      }))
      write('pp-frames-' + process.pid + '.json', frames)
    })
    session.post('Debugger.enable')
    session.post('Debugger.pause')
  }

  function take() {
    session.connectToMainThread()
    session.post('Profiler.enable')
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true }, () => {
      session.post('Profiler.takePreciseCoverage', (error, counts) => {
        const own = ((counts && counts.result) || []).filter(({ url }) => url.startsWith('file:'))
        write('coverage-' + process.pid + '-0-0.json', { result: own })
        const before = Atomics.load(beats, 0)
        setTimeout(() => {
          if (Atomics.load(beats, 0) === before) askWhere()
        }, 300)
      })
    })
  }

  // The session does not keep this thread alive.
  setInterval(() => {}, 1000)
  setTimeout(take, workerData.after)
}

if (isMainThread && process.env.PP_HANG_AFTER) {
  try {
    const beats = new SharedArrayBuffer(4)
    const counter = new Int32Array(beats)
    setInterval(() => Atomics.add(counter, 0, 1), 100).unref()
    new Worker('(' + watch + ')()', {
      eval: true,
      execArgv: [],
      env: {},
      workerData: { after: Number(process.env.PP_HANG_AFTER), beats, dir: __dirname },
    }).unref()
  } catch {}
}
`

const Frames = z.array(z.object({ url: z.string(), line: z.int() }))

/** Where the processes that hung were, innermost first. */
export function framesOfHangs(
  reports: ReadonlyMap<string, Uint8Array>,
  tracked: TrackedFiles,
  root: string,
): Trace['frames'] {
  return [...reports].flatMap(([name, bytes]) => {
    if (!/^pp-frames-\d+\.json$/.test(name)) return []
    const frames = Frames.safeParse(parsed(new TextDecoder().decode(bytes)))
    return (frames.data ?? []).flatMap(({ url, line }) => {
      const path = pathOf(url, root)
      return path !== null && tracked.has(path) ? [{ path, line }] : []
    })
  })
}

/** V8 counts some functions only when they end; those on the stack ran all the same. */
export function withFrames(spectra: readonly Spectrum[], frames: Trace['frames']): readonly Spectrum[] {
  const on = (one: Spectrum) => frames.length > 0 && frames.some(({ path }) => one.lines.has(path))
  return spectra.map((one) => {
    if (!on(one)) return one
    const lines: ExecutedLines = new Map()
    addLines(lines, one.lines)
    for (const { path, line } of frames) addLines(lines, new Map([[path, new Set([line])]]))
    return { ...one, lines }
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The end of its process cut it short.
    return null
  }
}
