/** What the word PROOF means, as help says it. */
export const PROOF = 'a commit, the start of a session id or a bundle directory; default: the newest session, else HEAD'
