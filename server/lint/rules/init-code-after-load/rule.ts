/**
 * Code in the INIT section is gone when DriverEntry has returned. Sure of routines that run only then, and of what is
 * called by code to which such routines lead and DriverEntry does not.
 */
import { place } from '../../../../cfront/tokenize/token.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction } from '../../driver/callee.ts';
import { ledTo, ownLedTo } from '../../driver/reach.ts';
import { isHandedOn, roleOf, withRole } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

/** Those that nobody calls before DriverEntry has returned. */
const late = /^(?:DRIVER_(?:UNLOAD|DISPATCH|ADD_DEVICE|CANCEL|STARTIO)|EVT_WDF_\w+)$/;
const GONE =
  'That section is thrown away when DriverEntry has returned: the call jumps to memory that is no longer there, and the machine stops.';

export const initCodeAfterLoad: Rule = {
  id: 'init-code-after-load',
  severity: 'error',
  docRules: [],
  also: ['C28172', 'bug check 0x50'],
  summary: 'What runs after DriverEntry does not lie in the INIT section.',
  finish: ({ session, report }) => {
    const gone = session.functions.filter(isOfInit);
    if (gone.length === 0) return;
    for (const fn of gone) {
      const { symbol, nameToken } = fn.definition;
      const role = isLate(session, fn) ? roleOf(session, fn) : undefined;
      if (role !== undefined)
        report({
          where: whereOf({ first: nameToken, last: nameToken }),
          span: place(nameToken),
          message: `${symbol.name} is a ${role}, but it lies in the INIT section. ${GONE}`,
          path: [],
        });
    }
    const early = new Set(
      withRole(session, 'DRIVER_INITIALIZE').flatMap((start) =>
        nodesIn(start.definition, 'call').flatMap((call) => {
          const helper = calledFunction(session, call);
          return helper === undefined ? [] : [...ledTo(session, helper)];
        }),
      ),
    );
    const lateCode = new Set(
      session.functions.filter((fn) => isLate(session, fn)).flatMap((fn) => ownLedTo(session, fn)),
    );
    for (const fn of lateCode) {
      if (isOfInit(fn) || early.has(fn.key)) continue;
      for (const call of nodesIn(fn.definition, 'call')) {
        const called = calledFunction(session, call);
        if (called === undefined || !isOfInit(called)) continue;
        report({
          where: whereOf(call),
          message: `${fn.definition.symbol.name} runs after DriverEntry, and calls ${called.definition.symbol.name}, which lies in the INIT section. ${GONE}`,
          path: [],
        });
      }
    }
  },
};

function isOfInit({ definition: { section }, isUsers }: FunctionInfo): boolean {
  return isUsers && section !== undefined && /^INIT$/i.test(section);
}

function isLate(session: Session, fn: FunctionInfo): boolean {
  return fn.isUsers && late.test(roleOf(session, fn) ?? '') && isHandedOn(session, fn);
}
