/**
 * The variable that marks what a command of ours starts; its value begins with the id of that command. By it a later command
 * finds what a dead one left running.
 */
export const RUN_MARK = 'PP_RUN'
