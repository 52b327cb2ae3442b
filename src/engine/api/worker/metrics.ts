import { createServer } from 'node:http'
import { PpError } from '../../model/error.ts'
import type { WorkerEvent } from '../../model/worker.ts'

/** Counts what a worker does. */
export interface WorkerCounters {
  count(event: WorkerEvent): void
  /** The text that Prometheus reads. */
  text(): string
}

const ENDS = ['answered', 'refused', 'given back', 'cancelled'] as const

export function workerCounters(name: string): WorkerCounters {
  const ends = new Map<string, number>(ENDS.map((end) => [end, 0]))
  let [running, faults] = [0, 0]
  return {
    count(event) {
      if (event.is === 'began') running += 1
      if (event.is === 'fault') faults += 1
      // A job that ended with a fault is not told to have ended.
      if (event.is === 'ended' || (event.is === 'fault' && event.held)) running -= 1
      if (event.is === 'ended') ends.set(event.end, (ends.get(event.end) ?? 0) + 1)
    },
    text() {
      const label = `worker="${name}"`
      return [
        '# TYPE git_pp_worker_jobs_total counter',
        ...[...ends].map(([end, count]) => `git_pp_worker_jobs_total{${label},end="${end}"} ${count}`),
        '# TYPE git_pp_worker_jobs_running gauge',
        `git_pp_worker_jobs_running{${label}} ${running}`,
        '# TYPE git_pp_worker_faults_total counter',
        `git_pp_worker_faults_total{${label}} ${faults}`,
        '',
      ].join('\n')
    },
  }
}

/** Serves the counters on this machine alone. Throws USAGE if the port is taken. */
export function serveMetrics(port: number, counters: Pick<WorkerCounters, 'text'>): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server = createServer(({ url, method }, response) => {
      const isFound = method === 'GET' && url === '/metrics'
      response.writeHead(isFound ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' })
      response.end(isFound ? counters.text() : 'the counters are at /metrics\n')
    })
    server.once('error', (cause) => reject(new PpError('USAGE', `--metrics ${port}: ${cause.message}`, { cause })))
    server.listen(port, '127.0.0.1', () =>
      resolve(
        () =>
          new Promise((closed) => {
            server.closeAllConnections()
            server.close(() => closed())
          }),
      ),
    )
  })
}
