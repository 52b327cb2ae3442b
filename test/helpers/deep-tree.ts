import { execFileSync } from 'node:child_process'

/** Directories of which the innermost has a path of 6,000 characters, as a program makes them that goes down step by step. */
export function deepTree(dir: string): void {
  const steps =
    'import os, sys\nos.mkdir(sys.argv[1])\nos.chdir(sys.argv[1])\nfor _ in range(30):\n os.mkdir("d" * 200)\n os.chdir("d" * 200)\nopen("file", "w").close()'
  execFileSync('python3', ['-c', steps, dir])
}
