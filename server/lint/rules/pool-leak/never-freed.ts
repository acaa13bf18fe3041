/**
 * Work items that a structure holds, where such structures are freed and nothing in the driver ever gives IoFreeWorkItem
 * what lies there. In: the whole driver. Out: the call that makes the work item, and one that frees a structure.
 *
 * Where IoFreeWorkItem gets something of which is not known where it was kept, nothing is said.
 */
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import type { RecordDefinition } from '../../../../cfront/types/types.ts';
import { throughLocal } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { memberRecord } from '../../body/record-type.ts';
import { calledName } from '../../driver/callee.ts';
import { keeperOf } from '../../driver/pool-keepers.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';

export interface NeverFreed {
  readonly made: CallExpression;
  readonly freed: CallExpression;
}

export function neverFreed(session: Session): readonly NeverFreed[] {
  if (callsOf(session, 'IoAllocateWorkItem').length === 0 || !isWholeDriver(session)) return [];
  const definitions = session.functions.filter(({ isUsers }) => isUsers).map(({ definition }) => definition);
  const ended = definitions.flatMap((definition) =>
    callsIn(definition, /^IoFreeWorkItem$/).map(({ arguments: [item] }) =>
      item === undefined ? undefined : keeperOf(session, throughLocal(definition, item)),
    ),
  );
  if (ended.includes(undefined)) return [];
  return definitions.flatMap((definition) =>
    nodesIn(definition, 'assign').flatMap(({ target, value }): readonly NeverFreed[] => {
      const made = throughLocal(definition, value);
      if (made.kind !== 'call' || calledName(made) !== 'IoAllocateWorkItem' || target.kind !== 'member') return [];
      const record = memberRecord(target);
      if (ended.includes(keeperOf(session, target)) || record.kind !== 'record') return [];
      const freed = definitions.flatMap((one) => callsIn(one, /^ExFreePool/)).find(frees(record.definition));
      return freed === undefined ? [] : [{ made, freed }];
    }),
  );
}

function callsIn(definition: FunctionDefinition, name: RegExp): readonly CallExpression[] {
  return nodesIn(definition, 'call').filter((call) => name.test(calledName(call) ?? ''));
}

function frees(record: RecordDefinition): (call: CallExpression) => boolean {
  const isSuch = (e: Expression): boolean => {
    const { type } = stripConversions(e, { casts: true });
    return type.kind === 'pointer' && type.target.kind === 'record' && type.target.definition === record;
  };
  return ({ arguments: [memory] }) => memory !== undefined && isSuch(memory);
}
