/** The file in a session's directory that lists the shared checkouts it uses, one name on each line. */
export const BASES_IN_USE = 'bases-in-use'

/** The directory of shared checkouts, below that of a repository. */
export const BASES = 'bases'
