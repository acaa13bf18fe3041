/** Row 36: a status is one; -1, bits that NTSTATUS reserves, and what only completion routines return are none. */
import { STATUS_MORE_PROCESSING_REQUIRED } from '../../flow/facts/statuses.ts';
import { neverSet } from '../../flow/state/memory.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import { roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';
import { statusText } from '../../wording.ts';

export const suspiciousStatus: Rule = {
  id: 'suspicious-status',
  severity: 'warning',
  docRules: [],
  also: ['Driver Verifier C9/0x21B', 'Driver Verifier C9/0x225', 'Driver Verifier C9/0x300'],
  summary: 'Requests are completed with, and dispatch routines return, a status that NTSTATUS has.',
  events: ['complete'],
  event: (event, { state, report }) => {
    if (event.kind !== 'complete') return;
    const unset = neverSet(state, event.status);
    if (unset !== undefined)
      report({
        where: event.where,
        message: `The request is completed with ${unset}, which nobody has set on this way: whoever asked gets whatever lay on the stack for its status.`,
        path: pathTo(event.where, 'It is completed here'),
        once: siteKey(event.where),
      });
    if (!isSuspicious(event.status)) return;
    report({
      where: event.where,
      message: `The request is completed with ${textOf(event.status)}, which is no status that a driver gives: whoever asked takes it for a failure that it is not, and Driver Verifier stops the machine.`,
      path: pathTo(event.where, 'It is completed here'),
      once: siteKey(event.where),
    });
  },
  exit: (exit, { fn, session, report }) => {
    if (exit.value === undefined || !isSuspicious(exit.value) || roleOf(session, fn) !== 'DRIVER_DISPATCH') return;
    report({
      where: exit.where,
      message: `The dispatch routine returns ${textOf(exit.value)}, which is no status that a driver gives: it looks like a variable that was never set, or a value of another kind, and Driver Verifier stops the machine.`,
      path: [],
      once: siteKey(exit.where),
    });
  },
};

const CUSTOMER_BIT = 0x20000000n;
const RESERVED_BIT = 0x10000000n;
/** Microsoft's facilities are less than this. */
const MAX_FACILITY = 0x100n;

function isSuspicious(value: Value): boolean {
  if (value.kind !== 'integer') return false;
  if (value.value === -1n || value.value === STATUS_MORE_PROCESSING_REQUIRED) return true;
  const status = BigInt.asUintN(32, value.value);
  if ((status & CUSTOMER_BIT) !== 0n) return false;
  return (status & RESERVED_BIT) !== 0n || ((status >> 16n) & 0xfffn) >= MAX_FACILITY;
}

function textOf(value: Value): string {
  return value.kind === 'integer' ? statusText(value.value) : '';
}
