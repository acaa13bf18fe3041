/**
 * What a lock is called in all functions alike: a global by its place, a member by its record and its own name. Behind
 * pointers one name means many locks, so members are compared only where both lie in one object.
 */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { memberRecord, recordName } from '../../record-type.ts';
import type { Held } from '../facts/kernel.ts';
import { innermost } from '../state/where.ts';
import { addressValue, makePlace, placeAt, type Value } from '../values/values.ts';

type Taken = Pick<Held, 'lock' | 'where'>;

/** A name that is the same in all functions; undefined where there is none. */
export function commonName(taken: Taken): Value | undefined {
  if (isGlobal(taken.lock)) return taken.lock;
  const [argument] = innermost(taken.where).arguments;
  const name = argument === undefined ? undefined : memberName(argument);
  return name === undefined ? undefined : addressValue(makePlace({ kind: 'processor', key: `${name};` }, []));
}

/** Which lock is taken first says something about other functions too. */
export function isComparable(a: Value, b: Value): boolean {
  if (isGlobal(a) && isGlobal(b)) return true;
  const [one, other] = [placeAt(a), placeAt(b)];
  return (
    one?.root.kind === 'pointee' &&
    one.root.key === other?.root.key &&
    [...one.steps, ...other.steps].every(({ kind }) => kind === 'offset')
  );
}

function isGlobal(lock: Value): boolean {
  return (
    lock.kind === 'address' &&
    lock.place.root.kind === 'global' &&
    lock.place.steps.every((step) => step.kind === 'offset')
  );
}

/** What a lock is called where it is taken or released: "_EXTENSION.Lock", or a variable's own name. */
export function lockName(argument: Expression): string | undefined {
  const e = stripConversions(argument, { casts: true });
  const named = e.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  return named?.kind === 'name' ? named.symbol.name : memberName(argument);
}

/** "_EXTENSION.Lock" of `&extension->Lock`; members of records without a name are named from the outside. */
function memberName(argument: Expression): string | undefined {
  const e = stripConversions(argument, { casts: true });
  let name = '';
  for (let at = e.kind === 'address-of' ? stripConversions(e.operand) : undefined; at?.kind === 'member'; ) {
    const owner = recordName(memberRecord(at));
    name = `.${at.name}${name}`;
    if (owner !== undefined) return `${owner}${name}`;
    at = at.isArrow ? undefined : stripConversions(at.object);
  }
  return undefined;
}
