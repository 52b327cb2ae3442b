import * as z from 'zod'
import { BrokerName } from './job.ts'

const word = z.string().min(1).max(4096)

/** What a job may have beyond the default of a worker; all of it has to be stated for each repository. */
export const WorkerGrants = z.strictObject({
  network: z.enum(['allow', 'deny']).default('deny'),
  /** Names of variables of the worker that commands may read. */
  env: z.array(word).default([]),
  /** Ignored files of the worker's clone that commands may read. */
  include: z.array(word).default([]),
  /** The setup line, letter by letter. */
  setup: word.nullable().default(null),
  setup_network: z.enum(['allow', 'deny']).default('deny'),
  /** Container images. */
  images: z.array(word).default([]),
})
export type WorkerGrants = z.infer<typeof WorkerGrants>

const Url = z
  .string()
  .max(2048)
  .refine(
    (url) => /^(?:https:\/\/|ssh:\/\/(?:\w[\w.-]*@)?)[^\s\p{Cc}@/-][^\s\p{Cc}@/]*(?:\/[^\s\p{Cc}]*)?$/u.test(url),
    {
      error: 'a repository is an https:// URL without user and password, or an ssh:// URL',
    },
  )

/** One repository that a worker serves. */
export const ServedRepository = z.strictObject({
  /** Letter by letter as jobs name it. */
  url: Url,
  /** Who may ask for it, by their names on the broker. */
  askers: z.array(BrokerName).min(1),
  /** Which refs are fetched; commits that no other ref contains are refused. */
  refs: z
    .array(z.string().regex(/^refs\/[A-Za-z0-9._/*-]+$/))
    .min(1)
    .default(['refs/heads/*', 'refs/tags/*']),
  /** How this machine is set up: only jobs that ask for the same are taken. Absent: only jobs that ask for nothing. */
  environment: word.optional(),
  /** A policy file that adds to that of the base; relative to the list. */
  policy: word.optional(),
  allow: WorkerGrants.prefault({}),
})
export type ServedRepository = z.infer<typeof ServedRepository>

/** The list of repositories of a worker. */
export const ServedRepositories = z
  .strictObject({ repositories: z.array(ServedRepository).min(1) })
  .refine(
    ({ repositories }) =>
      new Set(repositories.map(({ url, environment = '' }) => `${url} ${environment}`)).size === repositories.length,
    {
      error: 'a repository is listed twice',
    },
  )
export type ServedRepositories = z.infer<typeof ServedRepositories>

/** What a worker says of itself while it works. */
export type WorkerEvent =
  | { readonly is: 'ready'; readonly name: string; readonly key: string; readonly repositories: readonly string[] }
  | { readonly is: 'began'; readonly asker: string; readonly key: string; readonly again: boolean }
  | {
      readonly is: 'ended'
      readonly asker: string
      readonly key: string
      readonly end: 'answered' | 'refused' | 'given back' | 'cancelled'
    }
  /** `held`: it ended a job that had begun. */
  | { readonly is: 'fault'; readonly what: string; readonly held: boolean }
