/** What is known of something that the driver has from the kernel when it is first heard of: that it is there. */
import type { Value } from '../values/values.ts';
import type { Block } from './kernel.ts';

export function newBlock(kind: Block['kind'], value: Value, made: Block['made']): Block {
  return {
    kind,
    value,
    made,
    isNullable: false,
    life: 'live',
    freed: undefined,
    base: undefined,
    bytes: undefined,
    keptBy: 'nobody',
    pages: kind === 'mdl' && made !== undefined ? 'none' : 'unknown',
    locked: undefined,
    isPaged: false,
    tag: undefined,
    asked: undefined,
    reads: [],
  };
}
