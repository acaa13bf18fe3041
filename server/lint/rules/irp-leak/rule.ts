/** R20: an own IRP that was neither sent, freed, returned nor stored when its last name ends is lost. */
import { placeText } from '../../../../base/source.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { isLost } from '../../flow/state/prune.ts';
import { pathTo, whereSpan } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const irpLeak: Rule = {
  id: 'irp-leak',
  severity: 'warning',
  docRules: ['R20'],
  also: ['SDV IoAllocateFree', 'CWE-401'],
  summary: 'An IRP of the driver itself is freed on every way on which it is not sent.',
  exit: (exit, { state, fn, report }) => {
    // While a function is being typed, the line that frees it may not be there yet.
    if (state.leaked.length === 0 && state.facts.size === 0) return;
    if (isHalfTyped(fn)) return;
    const held = [...state.facts.values()].filter(
      (fact) =>
        isLost(state, fact) &&
        fact.irp.kind === 'symbol' &&
        fact.irp.source.kind === 'new' &&
        !leadsTo(exit.value, fact.irp),
    );
    const tell = ({ originWhere }: IrpFact): void => {
      if (originWhere === undefined) return;
      report({
        where: originWhere,
        message:
          'The IRP is lost on a way on which it is neither sent nor freed: its memory is gone until the next start of the machine, a little more each time.',
        path: [
          ...pathTo(originWhere, 'The IRP is allocated here'),
          ...pathTo(exit.where, 'The function returns here, and nothing holds the IRP any more'),
        ],
        once: placeText(whereSpan(originWhere)),
      });
    };
    for (const fact of [...state.leaked, ...held]) tell(fact);
  },
};

function isHalfTyped({ unit, definition }: FunctionInfo): boolean {
  if (unit.problems.length === 0) return false;
  const { file, start, end } = nodePlace(definition.body);
  return unit.problems.some(
    ({ severity, span }) => severity === 'error' && span.file === file && span.start >= start && span.start <= end,
  );
}

/** It is returned, or the address of a part of it is. */
function leadsTo(value: Value | undefined, irp: Value): boolean {
  if (value === undefined) return false;
  if (value.kind === 'address' && value.place.root.kind === 'pointee') return value.place.root.pointer.key === irp.key;
  return value.kind === 'anything' || value.key === irp.key;
}
