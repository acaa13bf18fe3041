/** What works at DISPATCH_LEVEL only is not called below it. */
import { memo } from '../../../../base/memo.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isUnknownCall } from '../../driver/callee.ts';
import { functionNamed } from '../../driver/roles.ts';
import { kernelEffect } from '../../flow/calls/kernel-apis.ts';
import { levelsOf } from '../../flow/calls/levels.ts';
import { DISPATCH_LEVEL } from '../../flow/facts/kernel.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import type { Rule } from '../../rule.ts';
import { levelName, tooLow } from '../../ways/levels.ts';

export const irqlTooLow: Rule = {
  id: 'irql-too-low',
  severity: 'error',
  docRules: [],
  also: ['C28120', 'SDV IrqlKeReleaseSpinLock', 'Driver Verifier C4/0x32', 'Driver Verifier C4/0x35'],
  summary: 'What needs DISPATCH_LEVEL is not called below it.',
  call: (call, { state, fn, session, report }) => {
    const symbol = functionNamed(call.expression.callee);
    const min = symbol === undefined ? undefined : levelsOf(symbol).min;
    if (min !== DISPATCH_LEVEL || state.isVague || state.kernel.isVague) return;
    const found = tooLow(session, fn, state, min);
    if (found === undefined) return;
    report({
      where: call.where,
      message: `${call.api} works at ${levelName(min)}, and ${found.text}. Below it the thread can be interrupted by others of the same processor, which then wait for it for ever.`,
      path: [],
      when: () => !callsUnknown(session, fn),
    });
  },
};

/** Code that is not here, or of which nobody knows what it does to the level, may have raised it. */
function callsUnknown(session: Session, { definition }: FunctionInfo): boolean {
  return unknownIn(session)(definition);
}

const unknownIn = memo((session: Session) =>
  memo((definition: FunctionInfo['definition']) =>
    nodesIn(definition, 'call').some((call) => {
      const symbol = functionNamed(call.callee);
      const isOpaque = symbol !== undefined && levelsOf(symbol).changes && kernelEffect(symbol.name) === undefined;
      return isUnknownCall(session, call) || (isOpaque && session.functionOf(symbol)?.isUsers !== true);
    }),
  ),
);
