/**
 * Row 27: a stack location that is copied as a whole takes the completion routine of the driver above with it. Right
 * only where the function sets a routine of its own, or clears the copy's.
 */
import type { AssignExpression, CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { isWhole } from '../../blocks.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import { mayCall } from '../../reach.ts';
import { functionNamed } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const stackLocationCopiedWhole: Rule = {
  id: 'stack-location-copied-whole',
  severity: 'error',
  docRules: [],
  also: ['C28114', 'Driver Verifier C9/0x207'],
  summary: 'A stack location is copied by IoCopyCurrentIrpStackLocationToNext, without its completion routine.',
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      if (!fn.isUsers || !isWhole(fn)) continue;
      const [copy] = copiesIn(fn);
      if (copy === undefined || setsRoutineAfter(session, fn, copy) || clearsRoutine(fn)) continue;
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

function copiesIn({ definition }: FunctionInfo): readonly (AssignExpression | CallExpression)[] {
  const copies: (AssignExpression | CallExpression)[] = [];
  const next = nextLocations(definition.body);
  const isNext = (pointer: Expression): boolean =>
    isCallOf(pointer, 'IoGetNextIrpStackLocation') || isOneOf(pointer, next);
  walk(definition.body, (node) => {
    if (node.kind === 'assign' && isLocation(node.target.type)) {
      const target = stripConversions(node.target);
      if (target.kind === 'dereference' && isNext(target.operand)) copies.push(node);
    } else if (node.kind === 'call' && isCopy(node)) {
      const [to, from] = node.arguments;
      if (to !== undefined && from !== undefined && isNext(to) && isLocationPointer(from)) copies.push(node);
    }
  });
  return copies;
}

/** Variables that are given the next location, at their declaration or later. */
function nextLocations(body: FunctionInfo['definition']['body']): ReadonlySet<unknown> {
  const found = new Set<unknown>();
  walk(body, (node) => {
    if (node.kind === 'variable-declaration' && node.initializer?.kind === 'expression') {
      if (isCallOf(node.initializer.value, 'IoGetNextIrpStackLocation')) found.add(node.symbol);
    } else if (node.kind === 'assign' && isCallOf(node.value, 'IoGetNextIrpStackLocation')) {
      const target = stripConversions(node.target, { casts: true });
      if (target.kind === 'name') found.add(target.symbol);
    }
  });
  return found;
}

function isOneOf(pointer: Expression, symbols: ReadonlySet<unknown>): boolean {
  const inner = stripConversions(pointer, { casts: true });
  return inner.kind === 'name' && symbols.has(inner.symbol);
}

function isCallOf(value: Expression, name: string): boolean {
  const inner = stripConversions(value, { casts: true });
  if (inner.kind !== 'call') return false;
  const callee = stripConversions(inner.callee, { casts: true });
  return callee.kind === 'name' && callee.symbol.name === name;
}

/** A copy of at least as many bytes as a location has. */
function isCopy(call: CallExpression): boolean {
  const callee = stripConversions(call.callee, { casts: true });
  if (callee.kind !== 'name' || !/^(?:Rtl(?:Copy|Move)Memory|memcpy|memmove)$/.test(callee.symbol.name)) return false;
  const [to, , size] = call.arguments;
  const type = to === undefined ? undefined : stripConversions(to, { casts: true }).type;
  const bytes = size === undefined ? undefined : constantValue(size);
  return type?.kind === 'pointer' && isLocation(type.target) && bytes !== undefined && bytes >= sizeOf(type.target);
}

function isLocation(type: CType): boolean {
  return type.kind === 'record' && type.definition.tag === '_IO_STACK_LOCATION';
}

function isLocationPointer(value: Expression): boolean {
  const { type } = stripConversions(value, { casts: true });
  return type.kind === 'pointer' && isLocation(type.target);
}

/** Below the copy, itself or by a helper: a routine that was set above it is copied over. */
function setsRoutineAfter(session: Session, { definition }: FunctionInfo, copy: Expression): boolean {
  let sets = false;
  walk(definition.body, (node) => {
    if (node.kind !== 'call' || nodePlace(node).start <= nodePlace(copy).start) return;
    const callee = functionNamed(node.callee);
    const helper = callee === undefined ? undefined : session.functionOf(callee);
    if (callee !== undefined && setters.includes(callee.name)) sets = true;
    if (helper !== undefined && mayCall(session, helper, setters)) sets = true;
  });
  return sets;
}

const setters = ['IoSetCompletionRoutine', 'IoSetCompletionRoutineEx'];

function clearsRoutine({ definition }: FunctionInfo): boolean {
  let clears = false;
  walk(definition.body, (node) => {
    if (node.kind !== 'assign') return;
    const target = stripConversions(node.target, { casts: true });
    if (target.kind === 'member' && (target.name === 'CompletionRoutine' || target.name === 'Control')) clears = true;
  });
  return clears;
}
