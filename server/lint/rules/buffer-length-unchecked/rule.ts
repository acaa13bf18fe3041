/**
 * A routine for IRP_MJ_DEVICE_CONTROL that works on SystemBuffer asks how long it is. Sure where neither it nor anything that
 * it leads to names one of the two lengths; or where nothing does that is done for one of the codes (`by-code.ts`).
 */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { ownLedTo } from '../../driver/reach.ts';
import { majorsOf, withRole } from '../../driver/roles.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { usesByCode } from './by-code.ts';
import { asksForLength, givesAway, usesOfBuffer } from './uses.ts';

export const bufferLengthUnchecked: Rule = {
  id: 'buffer-length-unchecked',
  severity: 'error',
  docRules: [],
  also: ['CWE-20', 'CWE-125', 'CWE-787', 'bug check 0x3B'],
  summary: 'Who works on the buffer of a control code asks how long it is.',
  finish: ({ session, report }) => {
    const tell = (use: Expression, who: string): void => {
      const where = whereOf(use);
      report({
        where,
        span: nodePlace(use),
        message: `The buffer is as long as the program says, or not there at all, and nothing that ${who} asks for InputBufferLength or OutputBufferLength: a program that gives less has the driver read or write beyond its end, or at address 0, and the machine stops.`,
        path: pathTo(where, 'It is read or written here'),
        once: siteKey(where),
      });
    };
    for (const fn of withRole(session, 'DRIVER_DISPATCH')) {
      if (majorsOf(session, fn)?.has(IRP_MJ_DEVICE_CONTROL) !== true) continue;
      const parts = ownLedTo(session, fn);
      if (!parts.some((part) => asksForLength(part.definition) || givesAway(session, part))) {
        const [use] = parts.flatMap(({ definition }) => usesOfBuffer(definition));
        if (use !== undefined) tell(use, `${fn.definition.symbol.name} leads to`);
        continue;
      }
      for (const part of parts) for (const use of usesByCode(session, part)) tell(use, 'is done for this code');
    }
  },
};

const IRP_MJ_DEVICE_CONTROL = 0x0en;
