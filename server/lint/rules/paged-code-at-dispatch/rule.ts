/** Code that can be paged out does not run at DISPATCH_LEVEL, and does not raise the level itself. */
import { place } from '../../../../cfront/tokenize/token.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { callsOf, roleOf } from '../../driver/roles.ts';
import { isSpinLock } from '../../flow/facts/kernel.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { missedDemand } from '../../ways/levels.ts';

const lockers = ['MmLockPagableCodeSection', 'MmLockPagableSectionByHandle', 'MmResetDriverPaging'];

export const pagedCodeAtDispatch: Rule = {
  id: 'paged-code-at-dispatch',
  severity: 'error',
  docRules: ['R90'],
  also: ['C28170', 'C28171', 'C28172', 'SDV PagedCode', 'bug check 0xD1'],
  summary: 'Code that can be paged out runs at APC_LEVEL at most.',
  acts: ['acquire', 'demand'],
  act: (action, context) => {
    const { fn, session, report } = context;
    if (action.kind === 'acquire' && isSpinLock(action.held) && action.where.inside === undefined) {
      if (fn.definition.section?.startsWith('PAGE') !== true) return;
      report({
        where: action.where,
        message: `${fn.definition.symbol.name} lies in the pageable section ${fn.definition.section}, and ${action.held.api} takes the processor to DISPATCH_LEVEL: if its code is paged out in between, the machine stops (DRIVER_IRQL_NOT_LESS_OR_EQUAL).`,
        path: pathTo(action.where, 'The spin lock is taken here'),
        once: `section ${fn.key}`,
      });
      return;
    }
    const missed = missedDemand(action, 'paged', context);
    if (missed === undefined) return;
    const { api, found, severity } = missed;
    const isMacro = api === 'PAGED_CODE';
    report({
      where: action.where,
      message: `${isMacro ? 'PAGED_CODE() says that this code' : `${api} lies in a section that`} may be paged out, but ${found.text}; a page fault there stops the machine.`,
      path: [...found.path, ...pathTo(action.where, isMacro ? 'PAGED_CODE() stands here' : `${api} is called here`)],
      ...(severity === undefined ? {} : { severity }),
      // Who locks code in memory has it there.
      when: () => isMacro || !lockers.some((name) => callsOf(session, name).length > 0),
    });
  },
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      const { section, symbol, nameToken } = fn.definition;
      if (!fn.isUsers) continue;
      const [, again] = nodesIn(fn.definition, 'call').filter((call) => calledName(call) === '__wsk_paged_code');
      if (again !== undefined)
        report({
          where: whereOf(again),
          message: `PAGED_CODE() stands twice in ${symbol.name}: the first says it already, and the function is as pageable with one.`,
          path: [],
          severity: 'hint',
          docRules: [],
        });
      if (section?.startsWith('PAGE') !== true) continue;
      const role = roleOf(session, fn);
      if (
        role === undefined ||
        !/^(?:KDEFERRED_ROUTINE|IO_DPC_ROUTINE|DRIVER_CANCEL|IO_COMPLETION_ROUTINE|WSK_\w+_EVENT)$/.test(role)
      )
        continue;
      if (role === 'WSK_CLIENT_EVENT') continue;
      report({
        where: whereOf({ first: nameToken, last: nameToken }),
        span: place(nameToken),
        message: `${symbol.name} is a ${role}, which may run at DISPATCH_LEVEL, but it lies in the pageable section ${section}: if its code is paged out when it is called, the machine stops.`,
        path: [],
        once: `section ${fn.key}`,
      });
    }
  },
};
