/** The finding for memory that was lent to a WSK call and is gone when the call completes. */
import type { Span } from '../../../base/source.ts';
import { regionHistory } from '../../kernel/index.ts';
import type { Kernel, RunFinding } from '../../kernel/kernel-types.ts';
import type { LentMemory } from '../../kernel/verifier/lent-memory.ts';
import type { NativeResult } from '../../machine/native.ts';

/** The finding for a buffer that is gone when its call completes; it stops the run. */
export function reportGone(
  kernel: Kernel,
  buffer: LentMemory,
  because: string,
  call: { readonly name: string; readonly issuedAt: Span | undefined; readonly history: RunFinding['history'] },
): NativeResult {
  const isStack = buffer.frame !== undefined || buffer.region?.kind === 'stack';
  return kernel.report({
    rule: 'stack-buffer-outlives-call',
    severity: 'error',
    message: `${call.name} completes now and uses ${buffer.name}, but ${because}: what a pending call was given must live until its IRP completes.`,
    span: call.issuedAt,
    docRules: [isStack ? 'R75' : 'R76'],
    history: [...call.history, ...(buffer.region === undefined ? [] : regionHistory(kernel, buffer.region))],
  });
}
