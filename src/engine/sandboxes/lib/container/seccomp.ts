import * as z from 'zod'

const Rule = z.looseObject({ names: z.array(z.string()) })
const Profile = z.looseObject({ syscalls: z.array(Rule) })

/** System calls that make or enter a namespace. */
const SPACES = ['clone', 'clone3', 'setns', 'unshare']
/** The CLONE_NEW… flags of clone(2). */
const NEW_SPACE = 0x7e020000
const [EPERM, ENOSYS] = [1, 38]

/**
 * A seccomp profile (in the format of the OCI runtime specification, as text) that forbids namespaces: with a user namespace,
 * code gets capabilities over other namespaces, and can then reach kernel code that it otherwise cannot reach. clone3 hides
 * its flags behind a pointer; if it is reported as missing, libraries use clone.
 */
export function withoutNamespaces(text: string, arch: string): string {
  const profile = Profile.parse(JSON.parse(text))
  const rest = profile.syscalls.flatMap((rule) => {
    const names = rule.names.filter((name) => !SPACES.includes(name))
    return names.length === 0 ? [] : [{ ...rule, names }]
  })
  const flags = { index: arch === 's390x' ? 1 : 0, value: NEW_SPACE, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }
  return JSON.stringify({
    ...profile,
    syscalls: [
      ...rest,
      { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [flags] },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
      { names: ['setns', 'unshare'], action: 'SCMP_ACT_ERRNO', errnoRet: EPERM },
    ],
  })
}
