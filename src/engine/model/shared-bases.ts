/** The file in a session's directory that lists the shared checkouts it uses, one name on each line. */
export const BASES_IN_USE = 'bases-in-use'

/** The file beside a shared checkout with the size of its files in bytes. */
export const BASE_SIZE = 'bytes'

/** The directory of shared checkouts, below that of a repository. */
export const BASES = 'bases'
