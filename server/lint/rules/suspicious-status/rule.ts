/**
 * A status is one; -1, bits that NTSTATUS reserves, numbers of Win32 errors, and what only completion routines return
 * are none.
 */
import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { someNode, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { unsetReads } from '../../body/unset-reads.ts';
import { roleOf } from '../../driver/roles.ts';
import { STATUS_MORE_PROCESSING_REQUIRED } from '../../flow/facts/statuses.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { neverSet } from '../../flow/state/memory.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { statusText } from '../../ways/wording.ts';

export const suspiciousStatus: Rule = {
  id: 'suspicious-status',
  severity: 'warning',
  docRules: [],
  also: ['Driver Verifier C9/0x21B', 'Driver Verifier C9/0x225', 'Driver Verifier C9/0x300'],
  summary: 'Requests are completed with, and dispatch routines return, a status that NTSTATUS has.',
  events: ['complete'],
  event: (event, { state, fn, report }) => {
    if (event.kind !== 'complete') return;
    const unset = neverSet(state, event.status);
    if (unset !== undefined) state.marks.add(`unset@${unset}`);
    if (unset !== undefined)
      report({
        where: event.where,
        message: `The request is completed with ${unset}, which nobody has set on this way: whoever asked gets whatever lay on the stack for its status.`,
        path: pathTo(event.where, 'It is completed here'),
        once: siteKey(event.where),
        when: () => !isToldItself(fn, unset),
      });
    if (!isSuspicious(event.status)) return;
    report({
      where: event.where,
      message: `The request is completed with ${textOf(event.status)}, which is no status that a driver gives: whoever asked takes it for a ${isSuccess(event.status) ? 'success' : 'failure'} that it is not, and Driver Verifier stops the machine.`,
      path: pathTo(event.where, 'It is completed here'),
      once: siteKey(event.where),
    });
  },
  exit: (exit, { state, fn, session, report }) => {
    const unset = exit.given === undefined ? undefined : neverSet(state, exit.given);
    if (
      unset !== undefined &&
      !state.marks.has(`unset@${unset}`) &&
      isStatusType(fn) &&
      !isSetInTurn(fn.definition, unset)
    )
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} returns ${unset}, which nobody has set on this way: its caller gets whatever lay on the stack for a status.`,
        path: [],
        once: siteKey(exit.where),
        when: () => !isToldItself(fn, unset),
      });
    if (exit.value === undefined || !isSuspicious(exit.value) || roleOf(session, fn) !== 'DRIVER_DISPATCH') return;
    // status-confused tells of TRUE.
    if (exit.value.kind === 'integer' && exit.value.value === 1n) return;
    report({
      where: exit.where,
      message: `The dispatch routine returns ${textOf(exit.value)}, which is no status that a driver gives: it looks like a variable that was never set, or a value of another kind, and Driver Verifier stops the machine.`,
      path: [],
      once: siteKey(exit.where),
    });
  },
};

/** uninitialised-variable tells it: on all ways nobody has set it. */
function isToldItself(fn: FunctionInfo, name: string): boolean {
  return unsetReads(fn).some(({ variable }) => variable.name === name);
}

/** It returns a signed number of 32 bits, as NTSTATUS is. */
function isStatusType({ definition }: FunctionInfo): boolean {
  const { result } = definition.symbol.type;
  return result.kind === 'integer' && result.isSigned && result.size === 4;
}

/**
 * A loop, or a switch without a default, sets the variable: that one of its rounds or cases is always come by, the driver may
 * know, and no way shows it.
 */
function isSetInTurn(definition: FunctionDefinition, name: string): boolean {
  const sets = (node: TreeNode): boolean =>
    node.kind === 'assign' && node.target.kind === 'name' && node.target.symbol.name === name;
  return someNode(definition.body, (node) => {
    if (node.kind === 'switch') return node.cases.every(({ value }) => value !== undefined) && someNode(node, sets);
    return (node.kind === 'while' || node.kind === 'for') && someNode(node, sets);
  });
}

const CUSTOMER_BIT = 0x20000000n;
const RESERVED_BIT = 0x10000000n;
/** HRESULT_FROM_WIN32. */
const WIN32_RESULT = 0x8007n;
/** STATUS_WAIT_n, which lie below this, are what a wait comes to, and no result of a request. */
const FIRST_ABANDONED = 0x80n;
/** Microsoft's facilities are less than this. */
const MAX_FACILITY = 0x100n;

function isSuspicious(value: Value): boolean {
  if (value.kind !== 'integer') return false;
  if (value.value === -1n || value.value === STATUS_MORE_PROCESSING_REQUIRED) return true;
  const status = BigInt.asUintN(32, value.value);
  if (status >> 16n === WIN32_RESULT || (status > 0n && status < FIRST_ABANDONED)) return true;
  if ((status & CUSTOMER_BIT) !== 0n) return false;
  return (status & RESERVED_BIT) !== 0n || ((status >> 16n) & 0xfffn) >= MAX_FACILITY;
}

function isSuccess(value: Value): boolean {
  return value.kind === 'integer' && BigInt.asIntN(32, value.value) >= 0n;
}

function textOf(value: Value): string {
  return value.kind === 'integer' ? statusText(value.value) : '';
}
