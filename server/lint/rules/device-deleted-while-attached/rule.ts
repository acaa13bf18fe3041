/** Row 57: a device is detached before it is deleted. */
import { mayBeNull, resolve } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const deviceDeletedWhileAttached: Rule = {
  id: 'device-deleted-while-attached',
  severity: 'error',
  docRules: [],
  also: ['Driver Verifier C9/0x201'],
  summary: 'A device is detached before it is deleted.',
  call: ({ api, arguments: [given = ANYTHING], where }, { state, report }) => {
    if (api !== 'IoDeleteDevice' || state.isVague) return;
    const device = resolve(state, given);
    for (const { kind, life, base, made, value } of state.kernel.blocks.values()) {
      if (kind !== 'attachment' || life !== 'live' || made === undefined || base?.key !== device.key) continue;
      // Whether it was attached has to be known.
      if (device.kind === 'anything' || mayBeNull(state, value)) continue;
      report({
        where,
        message:
          'The device is deleted while it is attached to another one, which goes on sending requests to memory that is gone: IoDetachDevice comes first.',
        path: [...pathTo(made.where, 'It is attached here'), ...pathTo(where, 'It is deleted here')],
        once: siteKey(where),
      });
    }
  },
};
