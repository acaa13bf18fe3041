/**
 * Fixes: the edits that mend a mistake, where it is obvious what was meant.
 *
 * A fix changes text that a person wrote at that place, so there is none where a token came out of a macro's body.
 */
import type { Fix } from '../../../base/finding.ts';
import type { Span } from '../../../base/source.ts';
import { place, spellingPlace, type Token } from '../../tokenize/token.ts';
import { compatibleUnqualified } from '../../types/compatible.ts';
import { typeText } from '../../types/text.ts';
import type { CType } from '../../types/types.ts';
import type { Expression } from '../ast.ts';

/** One edit. */
export function fixOf(title: string, span: Span, newText: string): Fix {
  return { title, edits: [{ span, newText }] };
}

export function replaceToken(token: Token, text: string): Fix | undefined {
  return isWritten(token) ? fixOf(`Replace '${token.text}' by '${text}'`, spellingPlace(token), text) : undefined;
}

export function removeToken(token: Token): Fix | undefined {
  return isWritten(token) ? fixOf(`Remove '${token.text.slice(0, 40)}'`, spellingPlace(token), '') : undefined;
}

/** For the `extra` of a report: nothing where there is no fix. */
export function withFix(fix: Fix | undefined): { readonly fix?: Fix } {
  return fix === undefined ? {} : { fix };
}

/** The token is spelt where it stands: not in a macro's body, but maybe among a macro's arguments. */
function isWritten(token: Token): boolean {
  const at = place(token);
  return at.file === token.file && at.start === token.start && at.end === token.end;
}

/** The text of an expression as one range, where a person wrote it whole. */
function writtenSpan({ first, last }: Expression): Span | undefined {
  if (!isWritten(first) || !isWritten(last) || first.file !== last.file || last.end < first.start) return undefined;
  return { file: first.file, start: first.start, end: last.end };
}

/**
 * How a value of another type than `target` is made to fit: `&` or `*` before it, an `&` too many taken away, or a cast
 * between an integer and a pointer.
 */
export function conversionFix(e: Expression, target: CType): Fix | undefined {
  const span = writtenSpan(e);
  if (span === undefined) return undefined;
  const before: Span = { ...span, end: span.start };
  if (e.kind === 'address-of' && compatibleUnqualified(e.operand.type, target) && e.first.text === '&') {
    return fixOf("Remove '&'", { ...span, end: e.first.end }, '');
  }
  if (target.kind === 'pointer' && isObject(e) && compatibleUnqualified(e.type, target.target)) {
    return fixOf("Insert '&'", before, '&');
  }
  if (e.type.kind === 'pointer' && target.kind !== 'pointer' && compatibleUnqualified(e.type.target, target)) {
    return isSimple(e) ? fixOf("Insert '*'", before, '*') : undefined;
  }
  // A floating-point number cannot be cast to a pointer, nor a pointer to one.
  if (e.type.kind === 'float' || target.kind === 'float') return undefined;
  const isMixed = (e.type.kind === 'pointer') !== (target.kind === 'pointer');
  return isMixed ? castFix(e, target, span) : undefined;
}

function castFix(e: Expression, target: CType, span: Span): Fix | undefined {
  const name = typeText(target);
  if (!/^\w[\w ]*(?: \**)?$/.test(name) || name.startsWith('<')) return undefined;
  const after: Span = { ...span, start: span.end };
  const title = `Insert the cast '(${name})'`;
  if (isSimple(e)) return fixOf(title, { ...span, end: span.start }, `(${name})`);
  return {
    title,
    edits: [
      { span: { ...span, end: span.start }, newText: `(${name})(` },
      { span: after, newText: ')' },
    ],
  };
}

/** A prefix operator binds to the whole of it. */
function isSimple(e: Expression): boolean {
  switch (e.kind) {
    case 'name':
    case 'member':
    case 'index':
    case 'call':
    case 'integer':
    case 'string':
    case 'enum-constant':
      return true;
    default:
      return false;
  }
}

/** It has an address, and `&` binds to the whole of it. */
function isObject(e: Expression): boolean {
  return e.kind === 'name' || e.kind === 'member' || e.kind === 'index';
}

/** `(ULONG)pointer` with the type that an address fits in. */
export function wideCastFix(open: Token, isUnsigned: boolean): Fix | undefined {
  if (!isWritten(open)) return undefined;
  const written = /^\(\s*([A-Za-z_]\w*(?: [A-Za-z_]\w*)*)\s*\)/.exec(open.file.text.slice(open.start, open.start + 80));
  const name = written?.[1];
  if (name === undefined) return undefined;
  const start = open.start + (written?.[0] ?? '').indexOf(name);
  const wide = isUnsigned ? 'ULONG_PTR' : 'LONG_PTR';
  return fixOf(`Replace '${name}' by '${wide}'`, { file: open.file, start, end: start + name.length }, wide);
}
