import nacl from 'tweetnacl'

/** The part of tweetnacl that is used. Import this file only when a key is used, not with every command. */
export const { sign } = nacl
