/**
 * A stack location that is copied as a whole takes the completion routine of the driver above with it. Right only where
 * the function sets a routine of its own, or clears the copy's.
 */
import { memo } from '../../../../base/memo.ts';
import type {
  AssignExpression,
  CallExpression,
  CSymbol,
  Expression,
  FunctionDefinition,
} from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { holdersOf } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isRecord, pointsTo } from '../../body/record-type.ts';
import { isWhole } from '../../body/whole.ts';
import { calledName } from '../../driver/callee.ts';
import { mayCall } from '../../driver/reach.ts';
import { functionNamed } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const stackLocationCopiedWhole: Rule = {
  id: 'stack-location-copied-whole',
  severity: 'error',
  docRules: [],
  also: ['C28114', 'Driver Verifier C9/0x207'],
  summary: 'A stack location is copied by IoCopyCurrentIrpStackLocationToNext, without its completion routine.',
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      const [copy] = copiesIn(fn.definition);
      if (copy === undefined || !isWhole(fn) || setsRoutineAfter(session, fn, copy) || clearsRoutine(fn)) continue;
      report({
        where: whereOf(copy),
        span: nodePlace(copy),
        message:
          'The whole stack location is copied, with the completion routine of the driver above in it: that is called twice for one request, the first time for a location that is not its own.',
        path: [],
      });
    }
  },
};

const copiesIn = memo((definition: FunctionDefinition): readonly (AssignExpression | CallExpression)[] => {
  const isCall = (value: Expression): boolean => isCallOf(value, 'IoGetNextIrpStackLocation');
  const next = holdersOf(definition, isCall);
  const isNext = (pointer: Expression): boolean => isCall(pointer) || isOneOf(pointer, next);
  const assigned = nodesIn(definition, 'assign').filter(({ target }) => {
    const to = stripConversions(target);
    return isLocation(target.type) && to.kind === 'dereference' && isNext(to.operand);
  });
  const copied = nodesIn(definition, 'call').filter((call) => {
    const [to, from] = call.arguments;
    return isCopy(call) && to !== undefined && from !== undefined && isNext(to) && isLocationPointer(from);
  });
  return [...assigned, ...copied];
});

function isOneOf(pointer: Expression, symbols: ReadonlySet<CSymbol>): boolean {
  const inner = stripConversions(pointer, { casts: true });
  return inner.kind === 'name' && symbols.has(inner.symbol);
}

function isCallOf(value: Expression, name: string): boolean {
  const inner = stripConversions(value, { casts: true });
  return inner.kind === 'call' && calledName(inner) === name;
}

/** A copy of at least as many bytes as a location has. */
function isCopy(call: CallExpression): boolean {
  if (!/^(?:Rtl(?:Copy|Move)Memory|memcpy|memmove)$/.test(calledName(call) ?? '')) return false;
  const [to, , size] = call.arguments;
  const type = to === undefined ? undefined : stripConversions(to, { casts: true }).type;
  const bytes = size === undefined ? undefined : constantValue(size);
  return type?.kind === 'pointer' && isLocation(type.target) && bytes !== undefined && bytes >= sizeOf(type.target);
}

function isLocation(type: CType): boolean {
  return isRecord(type, '_IO_STACK_LOCATION');
}

function isLocationPointer(value: Expression): boolean {
  const { type } = stripConversions(value, { casts: true });
  return pointsTo(type, '_IO_STACK_LOCATION');
}

/** Below the copy, itself or by a helper: a routine that was set above it is copied over. */
function setsRoutineAfter(session: Session, { definition }: FunctionInfo, copy: Expression): boolean {
  return nodesIn(definition, 'call').some((call) => {
    if (nodePlace(call).start <= nodePlace(copy).start) return false;
    const callee = functionNamed(call.callee);
    const helper = callee === undefined ? undefined : session.functionOf(callee);
    return setters.includes(callee?.name ?? '') || (helper !== undefined && mayCall(session, helper, setters));
  });
}

const setters = ['IoSetCompletionRoutine', 'IoSetCompletionRoutineEx'];

function clearsRoutine({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'assign').some(({ target }) => {
    const to = stripConversions(target, { casts: true });
    return to.kind === 'member' && (to.name === 'CompletionRoutine' || to.name === 'Control');
  });
}
