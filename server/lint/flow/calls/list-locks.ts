/**
 * Under which locks a function puts entries into a list and takes them out. In: a call of one of the kernel's list
 * functions, and the state before it. Out: what the function tells, by names that other functions use as well.
 *
 * Only what lies together counts: a list and locks that are global, or members of one object. Where a lock that is held
 * has no such name, nothing is told.
 */
import { keepsOthersOut } from '../facts/kernel.ts';
import { resolve, type State } from '../state/state.ts';
import { type Place, placeAt, type Value } from '../values/values.ts';
import type { Call } from './call.ts';
import { commonName, commonNameOf } from './lock-names.ts';

const lists: Readonly<Record<string, { readonly what: 'put' | 'taken'; readonly lock?: number }>> = {
  InsertHeadList: { what: 'put' },
  InsertTailList: { what: 'put' },
  RemoveHeadList: { what: 'taken' },
  RemoveTailList: { what: 'taken' },
  ExInterlockedInsertHeadList: { what: 'put', lock: 2 },
  ExInterlockedInsertTailList: { what: 'put', lock: 2 },
  ExInterlockedRemoveHeadList: { what: 'taken', lock: 1 },
};

export function noteList(call: Call, state: State, name: string): void {
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
  const { run, where, values, expression } = call;
  const head = values[0] === undefined ? undefined : resolve(state, values[0]);
  const place = head === undefined ? undefined : placeAt(head);
  if (list === undefined || !run.fn.isUsers || state.kernel.isVague || head === undefined || place === undefined)
    return;
  const named = commonName({ lock: head, where });
  const held = [...state.kernel.held.values()].filter(keepsOthersOut);
  const own = list.lock === undefined ? undefined : values[list.lock];
  const locks: { readonly lock: Value; readonly name: Value | undefined }[] = held.map((one) => ({
    lock: one.lock,
    name: commonName(one),
  }));
  if (list.lock !== undefined && own !== undefined)
    locks.push({ lock: own, name: commonNameOf(resolve(state, own), expression.arguments[list.lock]) });
  if (named === undefined || locks.length === 0) return;
  const names = locks.flatMap(({ lock, name: known }) =>
    known !== undefined && liesWith(place, lock) ? [known.key] : [],
  );
  if (names.length < locks.length) return;
  const key = `${named.key} ${list.what} ${names.sort().join()}`;
  const { lists: told } = run.fn.told;
  if (!told.has(key)) told.set(key, { list: named.key, what: list.what, locks: names, api: name, where });
}

/** Both are global, or in one object that others may know. */
function liesWith({ root }: Place, lock: Value): boolean {
  const other = placeAt(lock)?.root;
  if (root.kind === 'global') return other?.kind === 'global';
  return root.kind === 'pointee' && root.pointer.source.kind !== 'new' && other?.key === root.key;
}
