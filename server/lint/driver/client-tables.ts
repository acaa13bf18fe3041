/**
 * The tables of callbacks that a client gives WSK (WSK_CLIENT_LISTEN_DISPATCH and its like): whether a callback is in
 * one, and whether any code of these files gives one at all. What cannot be seen counts as given.
 */

import { memo } from '../../../base/memo.ts';
import type { DeclarationNode, Expression, VariableDeclaration } from '../../../cfront/parse/ast.ts';
import { constantValue, stripConversions, walk } from '../../../cfront/parse/walk.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { ownDeclarations } from '../body/own-declarations.ts';
import { isRecord, memberRecord, tagOf } from '../body/record-type.ts';
import { OFFSET } from '../flow/facts/layout.ts';
import { ofRun, type Session } from '../flow/run/session.ts';
import type { Value } from '../flow/values/values.ts';

export interface ClientCallback {
  /** The member that holds it: WskReceiveEvent. */
  readonly member: string;
  /** The tag of the table, and where in it the member lies. */
  readonly table: string;
  readonly offset: number;
}

const listen = '_WSK_CLIENT_LISTEN_DISPATCH';
const connection = '_WSK_CLIENT_CONNECTION_DISPATCH';
const datagram = '_WSK_CLIENT_DATAGRAM_DISPATCH';

/** By the bit of the event in an EventMask. */
export const eventCallbacks: readonly (ClientCallback & { readonly event: string; readonly bit: bigint })[] = [
  { event: 'WSK_EVENT_SEND_BACKLOG', bit: 0x10n, member: 'WskSendBacklogEvent', table: connection, offset: 16 },
  { event: 'WSK_EVENT_RECEIVE', bit: 0x40n, member: 'WskReceiveEvent', table: connection, offset: 0 },
  { event: 'WSK_EVENT_DISCONNECT', bit: 0x80n, member: 'WskDisconnectEvent', table: connection, offset: 8 },
  { event: 'WSK_EVENT_RECEIVE_FROM', bit: 0x100n, member: 'WskReceiveFromEvent', table: datagram, offset: 0 },
  { event: 'WSK_EVENT_ACCEPT', bit: 0x200n, member: 'WskAcceptEvent', table: listen, offset: 0 },
];

/** What a conditional accept asks for. */
export const inspectCallbacks: readonly ClientCallback[] = [
  { member: 'WskInspectEvent', table: listen, offset: 8 },
  { member: 'WskAbortEvent', table: listen, offset: 16 },
];

/** The socket's own table lacks the callback, or these files have such tables and put the callback in none of them. */
export function lacks(session: Session, dispatch: Value | undefined, callback: ClientCallback): boolean {
  const { given, tables } = callbacksOf(session);
  if (!given.has(callback.member)) return tables.has(callback.table);
  if (dispatch?.kind !== 'address' || dispatch.place.steps.length > 0) return false;
  const { root } = dispatch.place;
  if (root.kind !== 'global' || tableOf(root.variable.type) !== callback.table) return false;
  // A table that code fills is looked at where it is filled, or not at all.
  if (callbacksOf(session).assigned.has(callback.member)) return false;
  const initializer = root.variable.definition?.initializer;
  if (initializer?.kind !== 'list') return false;
  const entry = initializer.entries.find(({ offset }) => offset === callback.offset);
  return entry === undefined || constantValue(entry.value) === 0n;
}

/** The callbacks that these files put into tables, by member: where the first is named. */
export function givenCallbacks(session: Session): ReadonlyMap<string, Expression> {
  return callbacksOf(session).given;
}

/** The events that some WSK_EVENT_CALLBACK_CONTROL names; undefined where there is none, or one is not known. */
export function enabledEvents(session: Session): bigint | undefined {
  const { masks } = callbacksOf(session);
  return masks.reduce<bigint | undefined>(
    (all, mask) => (all === undefined || mask === undefined ? undefined : all | mask),
    masks.length === 0 ? undefined : 0n,
  );
}

interface Callbacks {
  /** Members that get something else than NULL, by an initializer or by an assignment, with the first that they get. */
  readonly given: Map<string, Expression>;
  readonly assigned: Set<string>;
  /** Tags of the tables that these files have. */
  readonly tables: Set<string>;
  /** What stands as an EventMask; undefined for what is no number. */
  readonly masks: (bigint | undefined)[];
}

const callbacksOf = ofRun((session: Session): Callbacks => {
  const all: Callbacks = { given: new Map(), assigned: new Set(), tables: new Set(), masks: [] };
  for (const unit of new Set(session.functions.filter(({ isUsers }) => isUsers).map((fn) => fn.unit)))
    for (const declaration of ownDeclarations(unit)) {
      const { given, assigned, tables, masks } = callbacksIn(declaration);
      all.masks.push(...masks);
      for (const [member, value] of given) if (!all.given.has(member)) all.given.set(member, value);
      for (const member of assigned) all.assigned.add(member);
      for (const tag of tables) all.tables.add(tag);
    }
  return all;
});

const callbacksIn = memo((declaration: DeclarationNode): Callbacks => {
  const all: Callbacks = { given: new Map(), assigned: new Set(), tables: new Set(), masks: [] };
  walk(declaration, (node) => {
    if (node.kind === 'list')
      for (const { value, type } of node.entries) if (!isNothing(value)) giveByType(type, value, all);
    if (node.kind === 'variable-declaration') {
      const tag = tableOf(node.symbol.type);
      // Without an initializer list it is filled by code, or by another file.
      if (tag !== undefined && node.initializer?.kind === 'list') all.tables.add(tag);
      noteMask(node, all);
    }
    if (node.kind !== 'assign') return;
    const target = stripConversions(node.target, { casts: true });
    if (target.kind !== 'member') return;
    // Who fills a table by hand fills all of it in these files.
    const filled = tableOf(memberRecord(target));
    if (filled !== undefined) all.tables.add(filled);
    if (target.name === 'EventMask')
      all.masks.push(
        node.operator === undefined ? constantValue(stripConversions(node.value, { casts: true })) : undefined,
      );
    if (isNothing(node.value)) return;
    all.given.set(target.name, node.value);
    all.assigned.add(target.name);
  });
  return all;
});

function noteMask({ symbol, initializer }: VariableDeclaration, { masks }: Callbacks): void {
  if (initializer === undefined || !isRecord(symbol.type, '_WSK_EVENT_CALLBACK_CONTROL')) return;
  const entries = initializer.kind === 'list' ? initializer.entries : [];
  const mask = entries.find(({ offset }) => offset === OFFSET['_WSK_EVENT_CALLBACK_CONTROL.EventMask']);
  if (mask !== undefined) masks.push(constantValue(stripConversions(mask.value, { casts: true })));
  else if (initializer.kind === 'expression') masks.push(undefined);
}

function giveByType(type: CType, value: Expression, { given }: Callbacks): void {
  const alias = type.kind === 'pointer' ? type.alias : undefined;
  for (const { member } of [...eventCallbacks, ...inspectCallbacks])
    if (alias === typeName(member)) given.set(member, value);
}

/** WskSendBacklogEvent: PFN_WSK_SEND_BACKLOG_EVENT. */
function typeName(member: string): string {
  return `PFN_${member.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;
}

function isNothing(value: Expression): boolean {
  return constantValue(value) === 0n;
}

function tableOf(type: CType): string | undefined {
  const tag = tagOf(type.kind === 'array' ? type.element : type);
  return tag === listen || tag === connection || tag === datagram ? tag : undefined;
}
