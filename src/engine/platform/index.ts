/** What adapters share: programs and their process groups, marks in /proc, trees of files and small files. Uses only Node. */
export { growHeapSlowly } from './heap-growth.ts'
export { keptOf } from './kept.ts'
export { WATCHED_COMMAND, WATCHED_COMMAND_ALONE } from './leash.ts'
export { markedProcesses, processes } from './marked.ts'
export { endGroup, sendSignal, signalGroup } from './process-group.ts'
export {
  howEnded,
  type ProgramEnd,
  type Running,
  runProgram,
  runToEnd,
  startDetached,
  startLeashed,
  startProgram,
  succeeds,
} from './program.ts'
export { removeAside } from './remove-aside.ts'
export { removeTree } from './remove-tree.ts'
export { readSmall } from './small-file.ts'
export { walk } from './walk.ts'
