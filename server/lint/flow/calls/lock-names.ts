/**
 * What a lock is called in all functions alike: a global by its place, a member by its record and its own name. In: two
 * locks of which one is taken while the other is held. Out: the names of both, by which other functions that take them
 * are known.
 *
 * Behind pointers one name means many locks. Of one object they are the same two wherever both lie in one object; of
 * two objects they are alike: others of the kind each time, unless there is only one of each (rules/lock-order).
 */
import type { CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { memberRecord, recordName } from '../../body/record-type.ts';
import { functionNamed } from '../../driver/roles.ts';
import type { Held } from '../facts/kernel.ts';
import type { Where } from '../state/where.ts';
import { addressValue, makePlace, type Place, placeAt, type Value } from '../values/values.ts';

type Taken = Pick<Held, 'lock' | 'where'>;

export interface NamedPair {
  readonly outer: Value;
  readonly inner: Value;
  /** Tags of the records in which the two lie, where these are not one object; undefined where they are the same. */
  readonly alike: readonly string[] | undefined;
}

/** A name that is the same in all functions; undefined where there is none. */
export function commonName(taken: Taken): Value | undefined {
  return isGlobal(taken.lock) ? taken.lock : memberOf(taken)?.name;
}

/** The same for what an argument names by itself. */
export function commonNameOf(lock: Value, argument: Expression | undefined): Value | undefined {
  if (isGlobal(lock)) return lock;
  const found = argument === undefined ? undefined : memberPath(argument);
  return found === undefined ? undefined : nameOf(found);
}

/** What a lock is called where it is taken or released: "_EXTENSION.Lock", or a variable's own name. */
export function lockName(argument: Expression): string | undefined {
  const e = stripConversions(argument, { casts: true });
  const named = e.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  if (named?.kind === 'name') return named.symbol.name;
  const found = memberPath(argument);
  return found === undefined ? undefined : `${found.owner}${found.path}`;
}

/** Under which names the order of the two is remembered: none, or as globals and as members of one object too. */
export function namedPairs(outer: Taken, inner: Taken): readonly NamedPair[] {
  const [one, other] = [placeAt(outer.lock), placeAt(inner.lock)];
  if (one === undefined || other === undefined || one.root.kind === 'local' || other.root.kind === 'local') return [];
  if (![...one.steps, ...other.steps].every(({ kind }) => kind === 'offset')) return [];
  const areGlobal = isGlobal(outer.lock) && isGlobal(inner.lock);
  const asGlobals = areGlobal ? [{ outer: outer.lock, inner: inner.lock, alike: undefined }] : [];
  if (one.root.key === other.root.key) return [...asGlobals, ...pairInOneObject(outer, inner)];
  return areGlobal || isNew(one) || isNew(other) ? asGlobals : pairOfTwoObjects(outer, inner);
}

function pairInOneObject(outer: Taken, inner: Taken): readonly NamedPair[] {
  const [first, second] = [memberOf(outer), memberOf(inner)];
  return first === undefined || second === undefined
    ? []
    : [{ outer: first.name, inner: second.name, alike: undefined }];
}

function pairOfTwoObjects(outer: Taken, inner: Taken): readonly NamedPair[] {
  const [first, second] = [globalOrMember(outer), globalOrMember(inner)];
  if (first === undefined || second === undefined || first.owner === second.owner) return [];
  const alike = [first, second].flatMap(({ owner }) => owner ?? []);
  return [{ outer: first.name, inner: second.name, alike }];
}

/** What was made here nobody else can have taken yet. */
function isNew({ root }: Place): boolean {
  return root.kind === 'pointee' && root.pointer.source.kind === 'new';
}

function isGlobal(lock: Value): boolean {
  return (
    lock.kind === 'address' &&
    lock.place.root.kind === 'global' &&
    lock.place.steps.every((step) => step.kind === 'offset')
  );
}

interface Member {
  readonly name: Value;
  readonly owner: string;
}

function globalOrMember(taken: Taken): Member | { readonly name: Value; readonly owner: undefined } | undefined {
  return isGlobal(taken.lock) ? { name: taken.lock, owner: undefined } : memberOf(taken);
}

function memberOf({ where }: Taken): Member | undefined {
  const found = memberAt(where);
  if (found === undefined) return undefined;
  return { owner: found.owner, name: nameOf(found) };
}

function nameOf({ owner, path }: MemberPath): Value {
  return addressValue(makePlace({ kind: 'processor', key: `${owner}${path};` }, []));
}

interface MemberPath {
  readonly owner: string;
  readonly path: string;
}

/** As the code that takes it names it; where that is given the lock, as the caller who gives it does. */
function memberAt(where: Where): MemberPath | undefined {
  const { inside } = where;
  const [first] = where.arguments;
  if (inside === undefined) return first === undefined ? undefined : memberPath(first);
  const found = memberAt(inside.where);
  if (found !== undefined) return found;
  const [taken] = inside.where.arguments;
  const own = taken === undefined ? undefined : givenFor(where, taken);
  if (own !== undefined) return memberPath(own);
  const alike = where.arguments.filter((argument) => taken !== undefined && isSameType(argument, taken));
  const [given] = alike;
  return alike.length === 1 && given !== undefined ? memberPath(given) : undefined;
}

/** What the helper's call gives for the parameter that it takes. */
function givenFor({ node, arguments: given }: Where, taken: Expression): Expression | undefined {
  const e = stripConversions(taken, { casts: true });
  const { callee } = node as Partial<CallExpression>;
  const helper = callee === undefined ? undefined : functionNamed(callee);
  const index = helper?.definition?.parameters.findIndex((one) => e.kind === 'name' && one === e.symbol) ?? -1;
  return given[index];
}

/** The second may be a PVOID, which says nothing. */
function isSameType(a: Expression, b: Expression): boolean {
  const [one, other] = [a, b].map((e) => stripConversions(e, { casts: true }).type);
  if (one?.kind !== 'pointer' || other?.kind !== 'pointer') return false;
  const [to, too] = [one.target, other.target];
  if (too.kind === 'void') return true;
  if (to.kind === 'record') return too.kind === 'record' && to.definition === too.definition;
  return to.kind === 'integer' && too.kind === 'integer' && to.name === too.name;
}

/** "_EXTENSION" and ".Lock" of `&extension->Lock`; members of records without a name are named from the outside. */
function memberPath(argument: Expression): MemberPath | undefined {
  const e = stripConversions(argument, { casts: true });
  let path = '';
  for (let at = e.kind === 'address-of' ? stripConversions(e.operand) : undefined; at?.kind === 'member'; ) {
    const owner = recordName(memberRecord(at));
    path = `.${at.name}${path}`;
    if (owner !== undefined) return { owner, path };
    at = at.isArrow ? undefined : stripConversions(at.object);
  }
  return undefined;
}
