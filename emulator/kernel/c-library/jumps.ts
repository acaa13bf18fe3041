/** setjmp.h: the machine itself keeps the place and goes back to it. */
import type { KernelApis } from '../kernel-apis.ts';

export const jumpApis = {
  _setjmp: (_kernel, { arguments: args }) => ({ kind: 'set-jump', buffer: args.pointer(0) }),
  longjmp: (_kernel, { arguments: args }) => ({ kind: 'long-jump', buffer: args.pointer(0), value: args.int(1) }),
} satisfies KernelApis;
