/**
 * The variable that marks all processes that a command of ours starts. Its value begins with the id of that command, so that
 * a later command finds processes that a dead one left behind.
 */
export const RUN_MARK = 'PP_RUN'
