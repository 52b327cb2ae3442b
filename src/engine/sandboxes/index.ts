/** Where commands run; each file is one kind. */
export { findSandbox, sandboxes } from './index.generated.ts'
export { removeCgroup } from './lib/cgroup.ts'
export { cgroupsOf } from './lib/cgroup-journal.ts'
export { removeLeftContainer } from './lib/container/remove-left.ts'
export { findProgram, toolPath } from './lib/find-tools.ts'
export { homeParts } from './lib/home-parts.ts'
