/**
 * What a call calls. WSK functions are known by the type of the pointer through which they are called (PFN_WSK_SEND),
 * wherever that pointer comes from: a table, a cast, a local, a copy of a table. Functions are known by symbol, also
 * when called through a pointer whose value is known.
 */

import type { ApiFacts } from '../../../../catalog/model.ts';
import type { CallExpression, Expression, FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import type { FunctionType } from '../../../../cfront/types/types.ts';
import { memberRecord, tagOf } from '../../body/record-type.ts';
import { contextTypeOf } from '../../body/wdf-context.ts';
import type { FunctionInfo, Session } from '../run/session.ts';
import type { Value } from '../values/values.ts';
import { type ApiEffect, apiEffect } from './apis.ts';

export type Target =
  | { readonly kind: 'wsk'; readonly facts: ApiFacts }
  | { readonly kind: 'api'; readonly name: string; readonly effect: ApiEffect | undefined }
  /** A framework object is asked for its context of a type. */
  | { readonly kind: 'context'; readonly type: string }
  | { readonly kind: 'function'; readonly info: FunctionInfo }
  | { readonly kind: 'unknown' };

export function recognise(session: Session, call: CallExpression, callee: Value): Target {
  if (callee.kind === 'function') return functionTarget(session, call, callee.symbol);
  const facts = wskFacts(session, call.callee);
  return facts === undefined ? { kind: 'unknown' } : { kind: 'wsk', facts };
}

/** The type of the function called; undefined where the callee could not be read. */
export function calledType(call: CallExpression): FunctionType | undefined {
  const { type } = call.callee;
  if (type.kind === 'function') return type;
  return type.kind === 'pointer' && type.target.kind === 'function' ? type.target : undefined;
}

function functionTarget(session: Session, call: CallExpression, symbol: FunctionSymbol): Target {
  const effect = apiEffect(symbol.name);
  // What lint knows of a kernel function counts, also where a header has it as an inline function.
  if (effect !== undefined) return { kind: 'api', name: symbol.name, effect };
  const info = session.functionOf(symbol);
  if (info !== undefined) return { kind: 'function', info };
  const type = contextTypeOf(symbol, call);
  if (type !== undefined) return { kind: 'context', type };
  return session.isKnownApi(symbol) ? { kind: 'api', name: symbol.name, effect } : { kind: 'unknown' };
}

function wskFacts(session: Session, callee: Expression): ApiFacts | undefined {
  for (let e: Expression | undefined = callee; e !== undefined; e = inner(e)) {
    const { alias } = e.type;
    const facts = alias === undefined ? undefined : session.catalog.byTypeName(alias);
    if (facts?.kind === 'table-function') return facts;
    if (e.kind === 'member' && e.field !== undefined && isWskTable(e)) {
      const named = session.catalog.byName(e.name).filter((f) => f.kind === 'table-function');
      if (named.length === 1) return named[0];
    }
  }
  return undefined;
}

function inner(e: Expression): Expression | undefined {
  switch (e.kind) {
    case 'convert':
    case 'decay':
    case 'cast':
    case 'dereference':
    case 'address-of':
      return e.operand;
    case 'comma':
      return e.right;
    default:
      return undefined;
  }
}

function isWskTable(e: Extract<Expression, { kind: 'member' }>): boolean {
  return tagOf(memberRecord(e))?.startsWith('_WSK_PROVIDER_') === true;
}
