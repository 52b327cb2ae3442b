import nacl from 'tweetnacl'

/** What is used of tweetnacl. To be imported when a key is used, not with every command. */
export const { sign } = nacl
