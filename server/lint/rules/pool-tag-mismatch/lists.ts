/**
 * Entries of a list: what is taken out has no name by which it was put in, but all records of its kind are allocated with
 * one tag. In: all functions. Out: where such a record is freed with another one.
 *
 * Silent where records of the kind come from anywhere else (a helper that is not here, an array, a part of another record),
 * or where code that is not here may know them.
 */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, someNode } from '../../../../cfront/parse/walk.ts';
import type { CType, RecordDefinition } from '../../../../cfront/types/types.ts';
import { calledName, isUnknownCall } from '../../callee.ts';
import { kernelEffect } from '../../flow/calls/kernel-apis.ts';
import type { Session } from '../../flow/run/session.ts';
import { throughLocal } from '../../given-values.ts';
import { isPrivate, placeOfRecord } from '../../never-ended.ts';
import { nodesIn } from '../../nodes.ts';
import { pointsTo, tagOf } from '../../record-type.ts';
import { type OtherTag, poolTagOf } from './members.ts';

export function otherTagsOfEntries(session: Session): readonly OtherTag[] {
  const known = new Map<string, CallExpression | undefined>();
  return session.functions.flatMap(({ isUsers, definition }) => {
    if (!isUsers) return [];
    return entriesFreed(definition).flatMap(({ free, freedWith, record }): readonly OtherTag[] => {
      const name = placeOfRecord(record);
      if (!known.has(name)) known.set(name, allocationOf(session, record));
      const made = known.get(name);
      const madeWith = made === undefined ? undefined : poolTagOf(made);
      if (made === undefined || madeWith === undefined || madeWith === 0n || madeWith === freedWith) return [];
      return [{ free, freedWith, made, madeWith }];
    });
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

/** One of the allocations of such records, all of which have one tag; undefined where there may be others. */
function allocationOf(session: Session, record: RecordDefinition): CallExpression | undefined {
  if (!isPrivate(session, record)) return undefined;
  const name = placeOfRecord(record);
  const isOne = (type: CType): boolean => type.kind === 'record' && placeOfRecord(type.definition) === name;
  const leadsToOne = (type: CType): boolean => type.kind === 'pointer' && isOne(type.target);
  const made: CallExpression[] = [];
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    // Part of another record, or a variable.
    if (nodesIn(definition, 'member').some(({ type }) => isOne(type))) return undefined;
    if (nodesIn(definition, 'name').some(({ type }) => isOne(type))) return undefined;
    for (const call of nodesIn(definition, 'call')) {
      if (!isPool(call)) continue;
      if (call.arguments.some((e) => someNode(e, (node) => node.kind === 'sizeof' && isOne(node.ofType))))
        made.push(call);
    }
    for (const { target, value } of valuesTo(definition)) {
      if (!leadsToOne(target) || constantValue(value) === 0n) continue;
      const from = throughLocal(definition, value);
      if (from.kind === 'call' && isPool(from)) made.push(from);
      else if (!isOfList(session, from, leadsToOne)) return undefined;
    }
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
