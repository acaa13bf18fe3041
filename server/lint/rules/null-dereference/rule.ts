/**
 * What may be NULL, because memory is short or because WSK tells a callback so that the socket has failed, is checked
 * before it is used.
 */

import type { Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { askedNames } from '../../body/asked-names.ts';
import { givenIn, valuesGiven } from '../../body/given-values.ts';
import { localVariable, nodesIn, pointerBehind } from '../../body/nodes.ts';
import { memberRecord, pointsTo, tagOf } from '../../body/record-type.ts';
import { storedName } from '../../body/stored-name.ts';
import { hasHandlers, isInsideTry } from '../../body/tries.ts';
import { ownLedTo } from '../../driver/reach.ts';
import { callsOf, roleOf } from '../../driver/roles.ts';
import { type Action, type Block, type BlockKind, blockName } from '../../flow/facts/kernel.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { isNull, mayBeNull, type State } from '../../flow/state/state.ts';
import { innermost, pathTo, siteKey, type Where, whereOf } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { nullSince } from './known-null.ts';
import { isSearched, localIn, localMade, nullGivenTo } from './search.ts';

export const nullDereference: Rule = {
  id: 'null-dereference',
  severity: 'error',
  docRules: ['R97', 'R80'],
  also: ['C6011', 'C28193', 'CWE-476'],
  summary:
    'The result of an allocation, what WSK gives to a callback, and what is given back in the end, is checked for NULL.',
  exit: checkAccepted,
  acts: ['touch', 'free-null', 'null-touch'],
  act: (action, context) => {
    if (action.kind === 'free-null') checkFree(action, context);
    else if (action.kind === 'touch') checkTouch(action, context);
    else if (action.kind === 'null-touch') checkNullTouch(action, context);
  },
};

type Told<Kind extends Action['kind']> = Extract<Action, { readonly kind: Kind }>;

/** What is not there is given back. */
function checkFree({ api, block: kind, where }: Told<'free-null'>, { state, fn, session, report }: CheckContext): void {
  if (!stopsAtNull(kind)) return;
  const local = localIn(where.arguments[0]);
  const made = notMade(state, kind)?.made;
  report({
    where,
    message: `The ${blockName(kind)} is NULL on this way, and ${api} then stops the machine: it takes back only what is there.`,
    path: [
      ...(made === undefined
        ? nullGivenTo(fn, local)
        : pathTo(made.where, `${made.api} gives NULL when memory is short`)),
      ...pathTo(where, `${api} is called here`),
    ],
    ...(made === undefined ? {} : { once: siteKey(made.where) }),
    when: () => !hasHandlers(fn.definition) && (local === undefined || !isSearched(session, fn, local)),
  });
}

/** What is NULL is read or written, by a helper perhaps. Of what was compared only a condition around tells, or a helper. */
function checkNullTouch(action: Told<'null-touch'>, context: CheckContext): void {
  const isFound = action.isCompared && checkFoundNull(action, context);
  if (!isFound && (!action.isCompared || action.given !== undefined)) checkNull(action, context);
}

/** Whether a condition around has found the pointer to be NULL. */
function checkFoundNull({ where, given }: Told<'null-touch'>, { fn, report }: CheckContext): boolean {
  const access = where.node as TreeNode;
  const pointer = given?.pointer ?? pointerBehind(access);
  const condition = pointer && nullSince(fn.analysed, access, pointer);
  if (condition === undefined) return false;
  const since = whereOf(condition);
  report({
    where,
    message: `The pointer is NULL here, and what ${touched(given)} behind it stops the machine.`,
    path: pathTo(since, 'This says that it is NULL'),
    once: siteKey(since),
    when: () => !hasHandlers(fn.definition),
  });
  return true;
}

/** The function has put nothing but NULL into the pointer. */
function checkNull({ where, given }: Told<'null-touch'>, { fn, session, report }: CheckContext): void {
  const localOf = () => localMade(fn, session, given?.pointer ?? pointerBehind(where.node as TreeNode));
  report({
    where,
    message: `The pointer is NULL on this way: nothing else was put into it, and what ${touched(given)} behind it stops the machine.`,
    path: nullGivenTo(fn, localOf()),
    when: () => {
      const local = hasHandlers(fn.definition) ? undefined : localOf();
      return local !== undefined && !isSearched(session, fn, local);
    },
  });
}

function touched(given: Told<'null-touch'>['given']): string {
  return given === undefined ? 'is read or written' : `${given.to} reads or writes`;
}

/** What somebody gave, and may be NULL, is used. */
function checkTouch(action: Told<'touch'>, { state, fn, session, report }: CheckContext): void {
  const block = state.kernel.blocks.get(action.pointer.key);
  if (block === undefined || !mayBeNull(state, block.value)) return;
  if (block.kind === 'argument') {
    report({
      where: action.where,
      message: `WSK calls with NULL here when the socket can be used no more, and ${action.by ?? 'this access'} then stops the machine: what is left to do with the socket is to close it.`,
      path: [],
      severity: 'warning',
      docRules: ['R80'],
      once: `${fn.key} ${action.pointer.key}`,
    });
    return;
  }
  if (block.made === undefined || !block.isNullable || block.life === 'freed') return;
  const { api, where } = block.made;
  const isMapping = block.kind === 'mapping';
  report({
    where: action.where,
    message: `The ${blockName(block.kind)} ${isNull(state, block.value) ? 'is' : 'may be'} NULL here: ${api} gives NULL when memory is short, and ${action.by ?? 'this access'} then stops the machine.`,
    path: [
      ...pathTo(where, `${api} is called here`),
      ...pathTo(action.where, 'Its result is used here without a check'),
    ],
    docRules: ['R97'],
    once: siteKey(where),
    // The handler around gets the exception that an access to NULL raises.
    when: () => !isInsideTry(fn.analysed, action.where.node) && (!isMapping || mayBeUnmapped(session, where)),
  });
}

/** A connection is accepted, and what it is was put where others find it, though it may be none. */
function checkAccepted({ value: status, where }: Exit, { state, fn, session, report }: CheckContext): void {
  if (status?.kind !== 'integer' || status.value !== 0n || roleOf(session, fn) !== 'WSK_ACCEPT_EVENT') return;
  for (const { kind, value } of state.kernel.blocks.values()) {
    if (kind !== 'argument' || !mayBeNull(state, value)) continue;
    const kept = [...state.cells.values()].some(
      ({ place, value: held }) => held.key === value.key && place.root.kind !== 'local',
    );
    if (kept)
      report({
        where,
        message:
          'WSK calls with NULL for AcceptSocket when the listening socket can be used no more, and here NULL is kept and taken for a connection: the first call through it stops the machine.',
        path: [],
        severity: 'warning',
        docRules: ['R80'],
        once: `${fn.key} ${value.key}`,
        // Whoever takes it from there may ask whether there is one.
        when: () => !areSocketsAsked(session, fn),
      });
  }
}

/** Some condition of the driver is about a place to which this function, or one that it leads to, puts a socket. */
function areSocketsAsked(session: Session, fn: FunctionInfo): boolean {
  const places = ownLedTo(session, fn).flatMap(({ definition }) =>
    nodesIn(definition, 'assign').flatMap(({ target, value }) => {
      const isSocket = pointsTo(stripConversions(value, { casts: true }).type, '_WSK_SOCKET');
      return isSocket ? (storedName(target) ?? []) : [];
    }),
  );
  return session.functions.some(
    ({ isUsers, definition }) => isUsers && places.some((name) => askedNames(definition).has(name)),
  );
}

/** What a helper could not make on this way, where that is one thing of the kind. */
function notMade({ kernel: { blocks } }: State, kind: BlockKind): Block | undefined {
  const [first, more] = [...blocks.values()].filter((block) => block.life === 'none' && block.kind === kind);
  return more === undefined ? first : undefined;
}

/** ZwClose answers with a status, and of what frees a list of addresses, which is WSK's own, nobody says. */
function stopsAtNull(kind: BlockKind): boolean {
  return kind !== 'handle' && kind !== 'address-list';
}

/** The MDL of a request, what WSK hands to a callback, or one of a driver that has none of nonpaged pool: those are mapped wherever they come from. */
function mayBeUnmapped(session: Session, where: Where): boolean {
  const mdl = innermost(where).arguments[0];
  const inner = mdl === undefined ? undefined : stripConversions(mdl, { casts: true });
  if (inner?.kind === 'member' && (inner.name === 'MdlAddress' || isIndicated(inner.object))) return true;
  if (inner !== undefined && goesAlongIndicated(session, inner)) return true;
  return callsOf(session, 'MmBuildMdlForNonPagedPool').length === 0;
}

/** A variable that goes along the MDLs of an indication's WSK_BUF, or of one that every caller gives so. */
function goesAlongIndicated(session: Session, mdl: Expression): boolean {
  const variable = localVariable(mdl);
  const fn = session.functions.find(({ definition }) => givenIn(definition).some((one) => one.variable === variable));
  if (variable === undefined || fn === undefined) return false;
  const { parameters, symbol } = fn.definition;
  return valuesGiven(fn.definition, variable).some((value) => {
    const from = stripConversions(value, { casts: true });
    if (from.kind !== 'member' || from.name !== 'Mdl') return false;
    const buffer = localVariable(stripConversions(from.object));
    const at = buffer === undefined ? -1 : parameters.indexOf(buffer);
    const given = at < 0 ? [from.object] : callsOf(session, symbol.name).map((call) => call.arguments[at]);
    return given.length > 0 && given.every((one) => one !== undefined && isIndicated(addressed(one)));
  });
}

function addressed(argument: Expression): Expression {
  const e = stripConversions(argument, { casts: true });
  return e.kind === 'address-of' ? e.operand : e;
}

/** The WSK_BUF of a WSK_DATA_INDICATION or WSK_DATAGRAM_INDICATION: its MDLs are the network card's. */
function isIndicated(object: Expression): boolean {
  return object.kind === 'member' && /^_WSK_DATA(?:GRAM)?_INDICATION$/.test(tagOf(memberRecord(object)) ?? '');
}
