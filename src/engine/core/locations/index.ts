/** The places in files that the output of a tool names. */
export { jsonReportIn } from './json-reports.ts'
export { filesNamedByCommand, locations } from './locations.ts'
export { positionsInLine } from './position-patterns.ts'
export { resolveLocations } from './resolve-locations.ts'
