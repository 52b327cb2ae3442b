/** The places in files that the output of a tool names. */
export { locations, namedByCommand } from './locations.ts'
export { placesIn } from './patterns.ts'
export { resolve } from './resolve.ts'
