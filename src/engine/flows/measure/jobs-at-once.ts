import type { Session } from '../session/index.ts'

/** A work tree may fill an eighth of the free memory, so more than this many at once could fill all of it. */
const MOST = 8

/**
 * How many runs that decide nothing by themselves, and how many targets, may be under way at once: as many as the user allows,
 * if each has a network of its own, in which no other run holds a port.
 */
export function jobsAtOnce({ settings, sandbox }: Pick<Session, 'settings' | 'sandbox'>): number {
  return settings.network === 'deny' && sandbox.enforces.network ? Math.min(settings.jobs, MOST) : 1
}
