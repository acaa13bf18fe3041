/**
 * An own IRP that was neither sent, freed, returned nor stored when its last name ends is lost, and so is one that is
 * back from a call.
 */
import { placeText } from '../../../../base/source.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { reportNeverGivenBack } from '../../driver/never-given-back.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { isLost } from '../../flow/state/prune.ts';
import { type Cell, isNull, type State } from '../../flow/state/state.ts';
import { pathTo, whereSpan } from '../../flow/state/where.ts';
import { mentions, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const irpLeak: Rule = {
  id: 'irp-leak',
  severity: 'warning',
  docRules: ['R20'],
  also: ['SDV IoAllocateFree', 'CWE-401'],
  summary: 'An IRP of the driver itself is freed on every way on which it is not sent.',
  acts: ['free'],
  act: (action, { state, fn, report }) => {
    if (action.kind !== 'free' || action.block !== 'pool') return;
    for (const { irp, originWhere } of irpsInside(state, action.value)) {
      if (originWhere === undefined) continue;
      report({
        where: originWhere,
        message:
          'The IRP is lost with the structure that holds it, which is freed without it: its memory is gone until the next start of the machine, a little more each time.',
        path: [
          ...pathTo(originWhere, 'The IRP is allocated here'),
          ...pathTo(action.where, 'What holds it is freed here'),
        ],
        once: `${placeText(whereSpan(originWhere))} ${irp.kind}`,
        when: () => !isHalfTyped(fn),
      });
    }
  },
  exit: (exit, { state, fn, report }) => {
    if (state.leaked.length === 0 && state.facts.size === 0) return;
    const held = [...state.facts.values()].filter(
      (fact) =>
        isLost(state, fact) &&
        fact.irp.kind === 'symbol' &&
        fact.irp.source.kind === 'new' &&
        !leadsTo(exit.value, fact.irp),
    );
    const tell = ({ originWhere, life }: IrpFact): void => {
      if (originWhere === undefined) return;
      const isBack = life.kind === 'sent';
      report({
        where: originWhere,
        message: `The IRP is lost on a way on which it is ${isBack ? `not freed when ${life.api} is done with it` : 'neither sent nor freed'}: its memory is gone until the next start of the machine, a little more each time.`,
        path: [
          ...pathTo(originWhere, 'The IRP is allocated here'),
          ...(isBack
            ? pathTo(life.where, `${life.api} takes it here, and its completion routine leaves it alone`)
            : []),
          ...pathTo(exit.where, 'The function returns here, and nothing holds the IRP any more'),
        ],
        once: placeText(whereSpan(originWhere)),
        when: () => !isHalfTyped(fn),
      });
    };
    for (const fact of [...state.leaked, ...held]) tell(fact);
  },
  finish: (context) =>
    reportNeverGivenBack(context, 'irp', {
      free: 'IoFreeIrp',
      effect: 'its memory is gone until the machine restarts',
    }),
};

/** IRPs that were made here, were not sent, and whose only place is in a block that nobody else has. */
function irpsInside(state: State, block: Value): readonly IrpFact[] {
  if (state.kernel.blocks.get(block.key)?.keptBy !== 'nobody') return [];
  const isInside = (cell: Cell): boolean =>
    cell.place.root.kind === 'pointee' && cell.place.root.pointer.key === block.key;
  const inside = [...state.cells.values()].filter(isInside).map(({ value }) => value.key);
  return [...state.facts.values()].filter(
    ({ irp, origin, life }) =>
      origin === 'own' &&
      life.kind === 'idle' &&
      irp.kind === 'symbol' &&
      irp.source.kind === 'new' &&
      !isNull(state, irp) &&
      inside.includes(irp.key) &&
      ![...state.cells.values()].some((cell) => !isInside(cell) && mentions(cell.value.key, irp.key)),
  );
}

/** While a function is being typed, the line that frees the IRP may not be there yet. */
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
