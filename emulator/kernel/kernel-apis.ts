/**
 * The type of a table of the kernel's functions: every name in it must be declared in a bundled header, or be one of the
 * kernel's own entries, so that a misspelt name does not compile.
 */
import type { DeclaredFunction } from './declared-functions.ts';
import type { Api } from './kernel-types.ts';

/** Natives that no driver names: first functions of contexts and workers, entries of dispatch tables. */
export type KernelEntry =
  | 'KiRunContext'
  | 'ExpWorkerThread'
  | 'IopInvalidDeviceRequest'
  | 'IopForwardCompletion'
  | 'IopRunCaller'
  | 'IopRunPnp'
  | 'IopAnswerRequest'
  | 'IopCancelAnswer'
  | 'IopReinitialize'
  | 'IopTellInterface'
  | 'NmrpAddProvider'
  | 'PspCreateProcess'
  | 'PspSystemThreadStartup';

export type KernelApis = { readonly [Name in DeclaredFunction | KernelEntry]?: Api };
