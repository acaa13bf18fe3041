/**
 * What is set when something has ended is waited for by somebody. Sure of an event and of a rundown reference that a whole
 * driver makes and signals, and whose address goes to nothing else: neither to a wait, nor to whoever might wait. An event
 * that is set whatever happens says nothing that anybody could miss.
 */
import type { CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { ownDeclarations } from '../../body/own-declarations.ts';
import { isRecord, memberRecord } from '../../body/record-type.ts';
import { calledName } from '../../driver/callee.ts';
import { sureCalls } from '../../driver/handed-on.ts';
import { LOCAL, objectAt, objectName } from '../../driver/object-names.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

interface Kind {
  readonly tag: string;
  readonly makers: readonly string[];
  readonly signals: readonly string[];
  /** What else nobody waits by. */
  readonly quiet: readonly string[];
  readonly wait: string;
  readonly message: string;
}

const EVENT = '_KEVENT';

const kinds: readonly Kind[] = [
  {
    tag: EVENT,
    makers: ['KeInitializeEvent'],
    signals: ['KeSetEvent'],
    quiet: ['KeClearEvent', 'KeResetEvent'],
    wait: 'KeWaitForSingleObject',
    message:
      'Nobody waits for this event or asks whether it is set: what is meant to go on only then, such as freeing what was in use, goes on before.',
  },
  {
    tag: '_EX_RUNDOWN_REF',
    makers: ['ExInitializeRundownProtection'],
    signals: ['ExReleaseRundownProtection', 'ExReleaseRundownProtectionEx'],
    quiet: ['ExAcquireRundownProtection', 'ExAcquireRundownProtectionEx', 'ExReInitializeRundownProtection'],
    wait: 'ExWaitForRundownProtectionRelease',
    message:
      'Nothing in the driver waits until this rundown protection is released: what it protects goes while others still use it.',
  },
];

export const signalWithoutWait: Rule = {
  id: 'signal-without-wait',
  severity: 'warning',
  docRules: [],
  also: ['CWE-416', 'bug check 0xCE'],
  summary: 'Somebody waits for what says that something has ended.',
  finish: ({ session, report }) => {
    for (const kind of kinds)
      for (const call of unheard(session, kind))
        report({ where: whereOf(call), span: nodePlace(call), message: kind.message, path: [] });
  },
};

/** For each object the first call that signals it. */
function unheard(session: Session, { tag, makers, signals, quiet, wait }: Kind): readonly CallExpression[] {
  const signalled = new Map<string, CallExpression>();
  for (const call of signals.flatMap((name) => callsOf(session, name))) {
    const name = objectAt(session, call.arguments[0]);
    if (name !== undefined && name !== LOCAL && !signalled.has(name)) signalled.set(name, call);
  }
  for (const call of callsOf(session, wait)) signalled.delete(objectAt(session, call.arguments[0]) ?? '');
  if (signalled.size === 0 || !isWholeDriver(session)) return [];
  const made = new Set(
    makers.flatMap((name) => callsOf(session, name)).map((call) => objectAt(session, call.arguments[0])),
  );
  const known = knownElsewhere(session, tag, [...makers, ...signals, ...quiet]);
  return [...signalled].flatMap(([name, call]) =>
    made.has(name) && !known.has(name) && (tag !== EVENT || isOnCondition(session, signals, name)) ? call : [],
  );
}

function isOnCondition(session: Session, signals: readonly string[], name: string): boolean {
  return session.functions.some(({ definition, isUsers }) => {
    if (!isUsers) return false;
    const calls = nodesIn(definition, 'call').filter((call) => signals.includes(calledName(call) ?? ''));
    return calls.some((call) => objectAt(session, call.arguments[0]) === name && !sureCalls(definition).includes(call));
  });
}

/** Objects of the kind that are named anywhere but as the first argument of these functions. */
function knownElsewhere(session: Session, tag: string, apis: readonly string[]): ReadonlySet<string> {
  const known = new Set<string>();
  const note = (node: TreeNode): void => {
    if ((node.kind !== 'name' && node.kind !== 'member') || !isRecord(node.type, tag)) return;
    const name = objectName(session, node);
    if (name !== undefined) known.add(name);
  };
  for (const { definition, isUsers } of session.functions) {
    if (!isUsers) continue;
    const followed = new Set<Expression>();
    for (const call of nodesIn(definition, 'call')) {
      const address = call.arguments[0] && stripConversions(call.arguments[0], { casts: true });
      if (address?.kind === 'address-of' && apis.includes(calledName(call) ?? ''))
        followed.add(stripConversions(address.operand));
    }
    for (const node of [...nodesIn(definition, 'name'), ...nodesIn(definition, 'member')])
      if (!followed.has(node) || isFirst(node)) note(node);
  }
  for (const declaration of session.units.flatMap(ownDeclarations))
    if (declaration.kind === 'variable-declaration') walk(declaration, note);
  return known;
}

/** Its address is that of the structure that it is a member of, which may go to a wait. */
function isFirst(node: TreeNode): boolean {
  if (node.kind !== 'member') return false;
  const record = memberRecord(node);
  return record.kind === 'record' && record.definition.fields?.[0]?.name === node.name;
}
