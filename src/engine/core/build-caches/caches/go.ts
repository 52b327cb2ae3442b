import type { BuildCache } from '../build-cache.ts'

/**
 * The build cache of Go (`go help cache`). It also holds results of tests; `go clean -testcache` writes this file to say that none
 * of them is to be used any more that is older than a moment, in ns since 1970 (cmd/go/internal/test).
 */
export default {
  kind: 'go',
  place: '.cache/go-build',
  usedFor: (path) => /(?:^|\/)go\.mod$/.test(path),
  settled: (now) => new Map([['testexpire.txt', `${BigInt(now.getTime()) * 1_000_000n}\n`]]),
} satisfies BuildCache
