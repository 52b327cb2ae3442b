/** The front door: all that commands may import. */
export { PpError, type ErrorCode, STATUS_OF_ERROR } from './model/error.ts'
export { SCHEMA_VERSION } from './model/session.ts'
