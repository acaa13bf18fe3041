/**
 * A local variable is given a value before it is read: sure where no way from the function's start to the read gives it one;
 * that some way gives none, the compiler's own warning says better. A pointer that is kept, in a member or a variable that
 * lasts, is given one by somebody in the driver.
 */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { unsetReads } from '../../body/unset-reads.ts';
import { neverGiven } from '../../driver/never-given.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const uninitialisedVariable: Rule = {
  id: 'uninitialised-variable',
  severity: 'error',
  docRules: [],
  also: ['C4700', 'C6001', 'CWE-457'],
  summary: 'A variable is given a value before it is read, and a pointer that a driver keeps by somebody in it.',
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      for (const { variable, node } of unsetReads(fn))
        report({
          where: whereOf(node),
          message: `Nothing has given ${variable.name} a value on any way to here: it is whatever lay on the stack.`,
          path: variable.declarations.slice(0, 1).map((declaration) => ({
            span: nodePlace(declaration),
            message: 'It is declared without one',
          })),
        });
    }
    for (const { use, name } of neverGiven(session))
      report({
        where: whereOf(use),
        message: `Nothing in the driver gives ${name} a value: it leads nowhere, and using it here stops the machine.`,
        path: [],
      });
  },
};
