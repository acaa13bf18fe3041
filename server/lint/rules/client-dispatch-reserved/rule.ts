/** WSK_CLIENT_DISPATCH says its version by MAKE_WSK_VERSION, and its Reserved is 0. */
import { memo } from '../../../../base/memo.ts';
import type { DeclarationNode, Expression, Initializer, InitializerList } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { UNSIGNED_SHORT } from '../../../../cfront/types/make.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { throughLocal } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { ownDeclarations } from '../../body/own-declarations.ts';
import { isRecord, memberRecord } from '../../body/record-type.ts';
import { load } from '../../flow/state/memory.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { placeAt, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const clientDispatchReserved: Rule = {
  id: 'client-dispatch-reserved',
  severity: 'warning',
  docRules: ['R10'],
  also: [],
  summary: 'WSK_CLIENT_DISPATCH has a version of MAKE_WSK_VERSION and Reserved 0.',
  events: ['registration'],
  event: (event, { state, report }) => {
    if (event.kind !== 'registration' || event.what !== 'register' || isInitialised(event.dispatch)) return;
    // What is written member by member is told where it is written: this is one that was wiped, and nothing more.
    const version = resolve(state, load(state, event.dispatch, UNSIGNED_SHORT));
    if (version.kind !== 'integer' || version.value !== 0n) return;
    report({
      where: event.where,
      message:
        "Version is 0 in the WSK_CLIENT_DISPATCH, which is none of WSK's: WskRegister fails with STATUS_NOINTERFACE.",
      path: pathTo(event.where, 'It is given to WSK here'),
      once: siteKey(event.where),
    });
  },
  finish: ({ session, report }) => {
    const check = (member: number, value: Expression): void => {
      const number = constantValue(value);
      if (number === undefined) return;
      const [message, newText] =
        member === VERSION ? wrongVersion(number) : member === RESERVED ? wrongReserved(number) : [];
      if (message === undefined || newText === undefined) return;
      const span = nodePlace(value);
      report({
        where: whereOf(value),
        span,
        message,
        path: [],
        fixes: [{ title: `Write ${newText}`, isCertain: true, edits: [{ span, newText }] }],
      });
    };
    for (const unit of session.units)
      for (const declaration of ownDeclarations(unit))
        for (const { offset, value } of writtenIn(declaration)) check(offset, value);
  },
};

/** Offsets of the members. */
const VERSION = 0;
const RESERVED = 2;

/** A variable that has an initializer, which is looked at by itself. */
function isInitialised(dispatch: Value): boolean {
  const root = placeAt(dispatch)?.root;
  if (root?.kind !== 'global' && root?.kind !== 'local') return root === undefined;
  return root.variable.definition?.initializer !== undefined;
}

function isDispatch(type: CType): boolean {
  return isRecord(type, '_WSK_CLIENT_DISPATCH');
}

function wrongVersion(number: bigint): readonly string[] {
  if (number >= 0x100n) return [];
  return [
    `Version ${number} is none of WSK's: the major version is the high byte, and WskRegister fails with STATUS_NOINTERFACE.`,
    'MAKE_WSK_VERSION(1, 0)',
  ];
}

function wrongReserved(number: bigint): readonly string[] {
  return number === 0n ? [] : ['Reserved is not 0: a later WSK may take it for something else.', '0'];
}

/** What a WSK_CLIENT_DISPATCH is given, with the offset of the member. */
interface Written {
  readonly offset: number;
  readonly value: Expression;
}

const writtenIn = memo((declaration: DeclarationNode): readonly Written[] => {
  const listed = listsIn(declaration).flatMap(({ initializer, type }) =>
    initializer.entries.flatMap(({ offset, value }): readonly Written[] => {
      const member = memberAt(type, offset);
      return member === undefined ? [] : [{ offset: member, value }];
    }),
  );
  if (declaration.kind !== 'function-definition') return listed;
  const assigned = nodesIn(declaration, 'assign').flatMap(({ target, value, operator }): readonly Written[] =>
    operator === undefined && target.kind === 'member' && isDispatch(memberRecord(target))
      ? [{ offset: target.offset, value: throughLocal(declaration, value) }]
      : [],
  );
  return [...listed, ...assigned];
});

interface TypedList {
  readonly initializer: InitializerList;
  readonly type: CType;
}

function listsIn(declaration: DeclarationNode): readonly TypedList[] {
  const lists: TypedList[] = [];
  const add = (initializer: Initializer | undefined, type: CType): void => {
    if (initializer?.kind === 'list') lists.push({ initializer, type });
  };
  if (declaration.kind === 'variable-declaration') add(declaration.initializer, declaration.symbol.type);
  if (declaration.kind !== 'function-definition') return lists;
  for (const { initializer, symbol } of nodesIn(declaration, 'variable-declaration')) add(initializer, symbol.type);
  for (const { value } of nodesIn(declaration, 'assign')) {
    const e = stripConversions(value);
    if (e.kind === 'compound-literal') add(e.initializer, e.type);
  }
  return lists;
}

/** Where in a WSK_CLIENT_DISPATCH something of this type has what lies at an offset: in itself, or in a part of it. */
function memberAt(type: CType, offset: number): number | undefined {
  if (isDispatch(type)) return offset;
  if (type.kind === 'array') return memberAt(type.element, offset % sizeOf(type.element));
  const fields = type.kind === 'record' ? (type.definition.fields ?? []) : [];
  const field = fields.findLast((one) => one.offset <= offset);
  return field === undefined || field.offset + sizeOf(field.type) <= offset
    ? undefined
    : memberAt(field.type, offset - field.offset);
}
