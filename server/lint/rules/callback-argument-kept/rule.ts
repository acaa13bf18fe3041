/**
 * What a callback is given is there until it returns: addresses and inspection identifiers are copied. Of data, that is
 * so where the callback does not keep it by returning STATUS_PENDING.
 */
import type { PathStep } from '../../../../base/finding.ts';
import type { VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { type Kept, keptParameter } from '../../driver/kept.ts';
import { roleOf } from '../../driver/roles.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

/** Positions of such parameters, by the callback. */
const lent: Readonly<Record<string, readonly number[]>> = {
  WSK_ACCEPT_EVENT: [2, 3, 5, 6],
  WSK_INSPECT_EVENT: [1, 2, 3],
  WSK_ABORT_EVENT: [1],
  WSK_RECEIVE_EVENT: [2, 4],
  WSK_RECEIVE_FROM_EVENT: [2],
};
const INDICATION = 2;

export const callbackArgumentKept: Rule = {
  id: 'callback-argument-kept',
  severity: 'error',
  docRules: ['R41', 'R82'],
  also: ['CWE-825'],
  summary: 'Addresses and inspection identifiers that a callback is given are copied, not kept.',
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      const role = roleOf(session, fn) ?? '';
      const positions = lent[role];
      if (!fn.isUsers || positions === undefined) continue;
      for (const index of positions) {
        const parameter = fn.definition.parameters[index];
        const kept = parameter === undefined ? undefined : keptParameter(session, fn.definition, parameter);
        if (parameter === undefined || kept === undefined || isTakenAway(fn, kept)) continue;
        const isData = role.startsWith('WSK_RECEIVE') && index === INDICATION;
        if (isData && !isGivenBack(session, fn, kept)) continue;
        report({
          where: whereOf(kept.node),
          span: nodePlace(kept.node),
          message: isData
            ? `${parameter.name} is WSK's again when the callback returns, which never returns STATUS_PENDING: whoever reads it later finds something else there.`
            : `${parameter.name} leads to memory of WSK that is gone when the callback returns: whoever reads it later finds something else there. What it leads to has to be copied.`,
          path: stepsOf(kept, parameter),
          docRules: [isInspectId(role, index) ? 'R41' : 'R82'],
        });
      }
    }
  },
};

function isInspectId(role: string, index: number): boolean {
  return (role === 'WSK_INSPECT_EVENT' && index === 3) || role === 'WSK_ABORT_EVENT';
}

/** The callback itself puts NULL there again. */
function isTakenAway({ definition }: FunctionInfo, { member }: Kept): boolean {
  return nodesIn(definition, 'assign').some(
    ({ target, value }) =>
      member !== undefined && target.kind === 'member' && target.name === member && constantValue(value) === 0n,
  );
}

/** The callback keeps the data on no way, leaves it where it was put, and somebody else looks there. */
function isGivenBack(session: Session, fn: FunctionInfo, { member }: Kept): boolean {
  const exits = analysisOf(session, fn)?.exits ?? [];
  const isKept = exits.some(({ value }) => value?.kind !== 'integer' || value.value === STATUS_PENDING);
  if (isKept || exits.length === 0 || member === undefined) return false;
  const assigned = session.functions.flatMap(({ definition }) =>
    nodesIn(definition, 'assign').filter(({ target }) => target.kind === 'member' && target.name === member),
  );
  // Whoever takes it away again may do so before the callback returns.
  if (assigned.length !== 1) return false;
  return session.functions.some(
    ({ isUsers, definition }) =>
      isUsers &&
      definition !== fn.definition &&
      nodesIn(definition, 'member').some((node) => node.name === member && node !== assigned[0]?.target),
  );
}

function stepsOf(kept: Kept, { name }: VariableSymbol): readonly PathStep[] {
  if (kept.inside === undefined) return [];
  const steps: PathStep[] = [];
  let at = kept;
  for (; at.inside !== undefined; at = at.inside.kept)
    steps.push({ span: nodePlace(at.node), message: `${at.inside.helper} is called with ${name} here` });
  return [...steps, { span: nodePlace(at.node), message: `It is put where others find it here` }];
}
