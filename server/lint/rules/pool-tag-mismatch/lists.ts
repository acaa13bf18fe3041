/**
 * Entries of a list: what is taken out has no name by which it was put in, but all records of its kind are allocated with
 * one tag. In: all functions. Out: where such a record is freed with another one.
 *
 * Silent where records of the kind come from anywhere else (a helper that is not here, an array, a part of another record),
 * or where code that is not here may know them.
 */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, someNode, walk } from '../../../../cfront/parse/walk.ts';
import type { CType, RecordDefinition } from '../../../../cfront/types/types.ts';
import { throughLocal } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { pointsTo, recordKey, tagOf } from '../../body/record-type.ts';
import { calledName, isUnknownCall } from '../../driver/callee.ts';
import { isPrivate } from '../../driver/never-ended.ts';
import { kernelEffect } from '../../flow/calls/kernel-apis.ts';
import type { Session } from '../../flow/run/session.ts';
import { type OtherTag, poolTagOf } from './members.ts';

export function otherTagsOfEntries(session: Session): readonly OtherTag[] {
  const users = session.functions.flatMap(({ isUsers, definition }) => (isUsers ? [definition] : []));
  const freed = users.flatMap(entriesFreed);
  if (freed.length === 0) return [];
  const uses = usesByRecord(users);
  const known = new Map<string, CallExpression | undefined>();
  return freed.flatMap(({ free, freedWith, record }): readonly OtherTag[] => {
    const name = recordKey(record);
    if (!known.has(name)) known.set(name, allocationOf(session, record, uses.get(name) ?? []));
    const made = known.get(name);
    const madeWith = made === undefined ? undefined : poolTagOf(made);
    if (made === undefined || madeWith === undefined || madeWith === 0n || madeWith === freedWith) return [];
    return [{ free, freedWith, made, madeWith }];
  });
}

interface EntryFreed {
  readonly free: CallExpression;
  readonly freedWith: bigint;
  readonly record: RecordDefinition;
}

const entriesFreed = memo((definition: FunctionDefinition): readonly EntryFreed[] =>
  nodesIn(definition, 'call').flatMap((free) => {
    if (!/^ExFreePool(?:WithTag|2)$/.test(calledName(free) ?? '')) return [];
    const freedWith = poolTagOf(free);
    const record = freedWith === undefined || freedWith === 0n ? undefined : entryIn(definition, free.arguments[0]);
    return freedWith === undefined || record === undefined ? [] : [{ free, freedWith, record }];
  }),
);

/** The record around an entry of a list that an expression leads to: by CONTAINING_RECORD, by a cast, or as it was given. */
function entryIn(definition: FunctionDefinition, argument: Expression | undefined): RecordDefinition | undefined {
  if (argument === undefined) return undefined;
  const from = throughLocal(definition, argument);
  if (from.kind !== 'binary' && from.kind !== 'name' && !isLink(from.type)) return undefined;
  for (let e = argument; ; e = e.operand) {
    const record = recordBehind(e.type);
    if (record !== undefined && hasLink(record)) return record;
    if (e.kind !== 'convert' && e.kind !== 'decay' && e.kind !== 'cast') return undefined;
  }
}

function recordBehind(type: CType): RecordDefinition | undefined {
  return type.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition : undefined;
}

const links = ['_LIST_ENTRY', '_SINGLE_LIST_ENTRY', '_SLIST_ENTRY'];

function isLink(type: CType): boolean {
  return links.some((tag) => pointsTo(type, tag));
}

/** It has a member by which it is in a list. */
function hasLink({ fields }: RecordDefinition): boolean {
  return fields?.some(({ type }) => links.includes(tagOf(type) ?? '')) === true;
}

/** What a function does with one kind of records that can be in a list. */
interface RecordUses {
  /** One is part of another record, or a variable. */
  isPart: boolean;
  /** Allocations of as much memory as one takes. */
  readonly made: CallExpression[];
  /** What pointers to one get, but for NULL. */
  readonly values: Expression[];
}

const usesIn = memo((definition: FunctionDefinition): ReadonlyMap<RecordDefinition, RecordUses> => {
  const found = new Map<RecordDefinition, RecordUses>();
  const usesOf = (type: CType): RecordUses | undefined => {
    if (type.kind !== 'record' || !hasLink(type.definition)) return undefined;
    const known = found.get(type.definition) ?? { isPart: false, made: [], values: [] };
    found.set(type.definition, known);
    return known;
  };
  for (const { type } of [...nodesIn(definition, 'member'), ...nodesIn(definition, 'name')]) {
    const uses = usesOf(type);
    if (uses !== undefined) uses.isPart = true;
  }
  for (const call of nodesIn(definition, 'call')) {
    if (!isPool(call)) continue;
    for (const argument of call.arguments)
      walk(argument, (node) => {
        const made = node.kind === 'sizeof' ? usesOf(node.ofType)?.made : undefined;
        if (made?.includes(call) === false) made.push(call);
      });
  }
  for (const { target, value } of valuesTo(definition))
    if (target.kind === 'pointer' && constantValue(value) !== 0n)
      usesOf(target.target)?.values.push(throughLocal(definition, value));
  return found;
});

/** By the place of the record, of which each file has a copy. Typing above it moves it, so nobody keeps that. */
function usesByRecord(definitions: readonly FunctionDefinition[]): ReadonlyMap<string, readonly RecordUses[]> {
  const all = new Map<string, RecordUses[]>();
  for (const definition of definitions)
    for (const [record, uses] of usesIn(definition)) {
      const name = recordKey(record);
      const known = all.get(name);
      if (known === undefined) all.set(name, [uses]);
      else known.push(uses);
    }
  return all;
}

/** One of the allocations of such records, all of which have one tag; undefined where there may be others. */
function allocationOf(
  session: Session,
  record: RecordDefinition,
  uses: readonly RecordUses[],
): CallExpression | undefined {
  if (uses.some(({ isPart }) => isPart) || !isPrivate(session, record)) return undefined;
  const name = recordKey(record);
  const leadsToOne = (type: CType): boolean => {
    const behind = recordBehind(type);
    return behind !== undefined && recordKey(behind) === name;
  };
  const made = uses.flatMap((one) => one.made);
  for (const from of uses.flatMap(({ values }) => values)) {
    if (from.kind === 'call' && isPool(from)) made.push(from);
    else if (!isOfList(session, from, leadsToOne)) return undefined;
  }
  const [first] = made;
  const tag = first === undefined ? undefined : poolTagOf(first);
  return tag !== undefined && made.every((call) => poolTagOf(call) === tag) ? first : undefined;
}

function isPool(call: CallExpression): boolean {
  const effect = kernelEffect(calledName(call) ?? '');
  return effect?.kind === 'make' && effect.block === 'pool';
}

/** What is put where, variables and members alike. */
function valuesTo(definition: FunctionDefinition): readonly { readonly target: CType; readonly value: Expression }[] {
  const declared = nodesIn(definition, 'variable-declaration').flatMap(({ symbol, initializer }) =>
    initializer?.kind === 'expression' ? [{ target: symbol.type, value: initializer.value }] : [],
  );
  return [...declared, ...nodesIn(definition, 'assign').map(({ target, value }) => ({ target: target.type, value }))];
}

/** It was such a record before: in a list, in a member or a parameter, or what a function that is here has found. */
function isOfList(session: Session, from: Expression, leadsToOne: (type: CType) => boolean): boolean {
  if (from.kind === 'call') return isLink(from.type) || (leadsToOne(from.type) && !isUnknownCall(session, from));
  if (from.kind === 'binary') return from.operator === '-' && isContaining(from.right);
  return from.kind === 'name' || from.kind === 'member';
}

/** The distance of a member from the beginning of its record. */
function isContaining(right: Expression): boolean {
  return someNode(right, ({ kind }) => kind === 'address-of' || kind === 'sizeof');
}
