/**
 * What the driver does with one object when a request that it sent has come back: from the completion routine, whose
 * context is the object, through helpers, work items and DPCs. In: a completion routine, and where the object lies. Out: the
 * functions that run then with it, and how sure that is.
 *
 * It ends because each function is looked at once for each of its parameters.
 */
import type { CallExpression, Expression, FunctionSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { functionNamesIn, nodesIn } from '../body/nodes.ts';
import { memberName, recordKey } from '../body/record-type.ts';
import { calledType } from '../flow/calls/recognise.ts';
import { type FunctionInfo, ofRun, type Session } from '../flow/run/session.ts';
import { calledFunction, calledName, namedFunction } from './callee.ts';
import { sureCalls } from './handed-on.ts';
import { behindPath, objectPath } from './object-paths.ts';
import { inTables, liveFunctions } from './reach.ts';
import { functionNamed, isHandedOn } from './roles.ts';

/** The object is what the variable leads to, or one that lasts, by whatever function it is named. */
export interface Step {
  readonly fn: FunctionInfo;
  readonly object: VariableSymbol;
  /** From the variable to what is followed; "" where the variable holds that itself. */
  readonly path: string;
  /**
   * `only`: it runs when the request has come back, and at no other time. `surely`: one that runs only then calls it
   * whatever happens in between. `maybe`: it runs at other times too, and what it does may hang on that.
   */
  readonly when: 'only' | 'surely' | 'maybe';
}

/** Where the request came back to, and where what is followed lies: from the routine's context, or from a variable that lasts. */
export interface CameBack {
  readonly routine: FunctionInfo;
  readonly object: { readonly base: VariableSymbol | undefined; readonly path: string };
  /** All routines that run only when it has come back. */
  readonly alone: readonly FunctionInfo[];
}

export function behindCompletion(session: Session, { routine, object, alone: routines }: CameBack): readonly Step[] {
  const [, , context] = routine.definition.parameters;
  const start = object.base ?? context;
  if (start === undefined) return [];
  const steps = new Map<string, Step>();
  const add = (step: Step): void => {
    const key = `${step.fn.key} ${step.object.name} ${step.path}`;
    const known = steps.get(key);
    if (known === undefined || (known.when === 'maybe' && step.when !== 'maybe')) steps.set(key, step);
  };
  const alone = new Set(routines.map(({ key }) => key));
  add({ fn: routine, object: start, path: object.path, when: 'only' });
  for (const step of steps.values())
    for (const { to, object: given, path, isSure } of nextSteps(session, step)) {
      if (step.when === 'only' && runsOnlyBehind(session, to, alone)) {
        alone.add(to.key);
        add({ fn: to, object: given, path, when: 'only' });
      } else add({ fn: to, object: given, path, when: isSure && step.when !== 'maybe' ? 'surely' : 'maybe' });
    }
  return [...steps.values()];
}

interface Next {
  readonly to: FunctionInfo;
  readonly object: VariableSymbol;
  readonly path: string;
  /** Of a function that may run at other times too: it is called whatever happens. */
  readonly isSure: boolean;
}

function nextSteps(session: Session, { fn, object, path, when }: Step): readonly Next[] {
  const sure = new Set(sureCalls(fn.definition));
  const next: Next[] = [];
  const follow = (
    to: FunctionInfo | undefined,
    parameter: number,
    argument: Expression | undefined,
    isSure: boolean,
  ): void => {
    if (to?.isUsers !== true || argument === undefined) return;
    const given = objectPath(session, fn, argument);
    const rest = given?.base === object ? behindPath(given.path, path) : undefined;
    const target = to.definition.parameters[parameter];
    if (rest !== undefined && target !== undefined) next.push({ to, object: target, path: rest, isSure });
  };
  for (const call of nodesIn(fn.definition, 'call')) {
    const isSure = when === 'only' || sure.has(call);
    const callee = calledFunction(session, call);
    const targets = callee === undefined ? typedTargets(session, call) : [callee];
    for (const to of targets) {
      for (const [index, argument] of call.arguments.entries())
        follow(to, index, argument, isSure && callee !== undefined);
      if (object.duration === 'static') next.push({ to, object, path, isSure: isSure && callee !== undefined });
    }
    // A helper that gets an object and a routine for such objects has it called with that.
    const routines = call.arguments.flatMap((argument) => namedFunction(session, argument) ?? []);
    for (const argument of callee?.isUsers === true ? call.arguments : [])
      for (const to of routines) if (takesOne(to, argument)) follow(to, 0, argument, isSure);
    for (const { routine, parameter, context } of deferredBy(session, fn, call)) {
      follow(routine, parameter, context, isSure);
      if (object.duration === 'static' && routine.isUsers) next.push({ to: routine, object, path, isSure });
    }
  }
  return next;
}

/** The routine has one parameter, and it is of the argument's type: a structure of the driver's. */
function takesOne({ definition }: FunctionInfo, argument: Expression): boolean {
  const [only, more] = definition.parameters;
  const record = only === undefined || more !== undefined ? undefined : recordBehind(only.type);
  return record !== undefined && record === recordBehind(stripConversions(argument, { casts: true }).type);
}

interface Deferred {
  readonly routine: FunctionInfo;
  readonly parameter: number;
  /** In terms of the function that queues it. */
  readonly context: Expression | undefined;
}

/** What the call has run later: the routine that it names, or the one that was put into the object that it names. */
function deferredBy(session: Session, fn: FunctionInfo, call: CallExpression): readonly Deferred[] {
  const name = calledName(call) ?? '';
  const [first, second, , fourth] = call.arguments;
  if (name === 'IoQueueWorkItem' || name === 'IoQueueWorkItemEx') {
    const routine = second && namedFunction(session, second);
    return routine === undefined ? [] : [{ routine, parameter: 1, context: fourth }];
  }
  const index = queueing[name];
  const queued = index === undefined ? undefined : call.arguments[index];
  if (queued === undefined || first === undefined) return [];
  const place = placeOf(queued);
  return puttings(session).flatMap(({ by, call: put, kind }) => {
    const [object, given, context] = put.arguments;
    const routine = given && namedFunction(session, given);
    if (object === undefined || context === undefined || routine === undefined) return [];
    if (place === undefined || placeOf(object) !== place) return [];
    // The context is found from the object as it was when the two were put together.
    const [from, to, here] = [
      objectPath(session, by, object),
      objectPath(session, by, context),
      objectPath(session, fn, queued),
    ];
    if (from === undefined || to === undefined || here === undefined || from.base !== to.base) return [];
    if (to.path !== '' || here.path !== from.path) return [];
    const holder = holderIn(queued);
    return [{ routine, parameter: kind, context: holder }];
  });
}

/** Positions of the DPC or the work item. */
const queueing: Readonly<Record<string, number>> = {
  KeInsertQueueDpc: 0,
  KeSetTimer: 2,
  KeSetTimerEx: 3,
  ExQueueWorkItem: 0,
};

interface Putting {
  readonly by: FunctionInfo;
  readonly call: CallExpression;
  /** The routine's parameter that gets the context. */
  readonly kind: number;
}

const puttings = ofRun((session: Session): readonly Putting[] =>
  liveFunctions(session).flatMap((by) =>
    nodesIn(by.definition, 'call').flatMap((call) => {
      const kind = putting[calledName(call) ?? ''];
      return kind === undefined ? [] : { by, call, kind };
    }),
  ),
);

const putting: Readonly<Record<string, number>> = { KeInitializeDpc: 1, ExInitializeWorkItem: 0 };

/** `&x->Dpc` by its structure's name and its own. */
function placeOf(argument: Expression): string | undefined {
  const e = stripConversions(argument, { casts: true });
  const inner = e.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  return inner?.kind === 'member' ? memberName(inner) : undefined;
}

/** `x` in `&x->Inner.Dpc`. */
function holderIn(argument: Expression): Expression | undefined {
  const e = stripConversions(argument, { casts: true });
  for (let at = e.kind === 'address-of' ? stripConversions(e.operand) : undefined; at?.kind === 'member'; ) {
    if (at.isArrow) return at.object;
    at = stripConversions(at.object);
  }
  return undefined;
}

/** Functions that a call through a pointer may lead to: those of its type that are put somewhere, where that is about a structure of the driver's. */
export function typedTargets(session: Session, call: CallExpression): readonly FunctionInfo[] {
  const type = calledType(call);
  if (type === undefined || functionNamed(call.callee) !== undefined || (calledName(call) ?? '').startsWith('Wsk'))
    return [];
  return liveFunctions(session).filter((fn) => {
    const { parameters } = fn.definition.symbol.type;
    if (parameters.length !== type.parameters.length || !isHandedOn(session, fn)) return false;
    return parameters.every((one, index) => {
      const other = type.parameters[index]?.type;
      return recordBehind(one.type) === recordBehind(other) && one.type.kind === other?.kind;
    });
  });
}

function recordBehind(type: CType | undefined): string | undefined {
  return type?.kind === 'pointer' && type.target.kind === 'record' ? recordKey(type.target.definition) : undefined;
}

/** All that name it are among those, or put it into an object that none but those have run. */
function runsOnlyBehind(session: Session, fn: FunctionInfo, alone: ReadonlySet<string>): boolean {
  const isIt = (one: FunctionSymbol): boolean => session.functionOf(one) === fn;
  if (inTables(session).some(isIt)) return false;
  return liveFunctions(session).every((by) => {
    if (alone.has(by.key)) return true;
    const names = functionNamesIn(by.definition).filter(({ symbol }) => isIt(symbol));
    if (names.length === 0) return true;
    const put = puttings(session).filter(
      ({ by: putter, call }) =>
        putter === by && call.arguments[1] !== undefined && namedFunction(session, call.arguments[1]) === fn,
    );
    if (put.length !== names.length) return false;
    return put.every(({ call }) => {
      const place = call.arguments[0] && placeOf(call.arguments[0]);
      return (
        place !== undefined && liveFunctions(session).every((other) => alone.has(other.key) || !queues(other, place))
      );
    });
  });
}

function queues({ definition }: FunctionInfo, place: string): boolean {
  return nodesIn(definition, 'call').some((call) => {
    const index = queueing[calledName(call) ?? ''];
    const queued = index === undefined ? undefined : call.arguments[index];
    return queued !== undefined && placeOf(queued) === place;
  });
}
