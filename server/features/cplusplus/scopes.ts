/**
 * The namespaces and classes of a C++ file, which the view as C takes away, around the symbols that were found in it: a
 * flat list in the order of the text comes in, and a tree goes out.
 */
import type { SourceFile, Span } from '../../../base/source.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { DocumentSymbol } from '../symbols.ts';
import { isCplusplus } from './made-up-names.ts';
import { scopesOf } from './parse.ts';
import type { Scope } from './work.ts';

/** None in C. */
export function scopesIn(unit: TranslationUnit, file: SourceFile): readonly Scope[] {
  return isCplusplus(unit) ? scopesOf(file) : [];
}

export function isInClass(scopes: readonly Scope[], { start }: Span): boolean {
  return scopes.findLast((scope) => holds(scope, start))?.kind === 'class';
}

/** `Connection::Send` where it is defined outside of its class. */
export function qualifiedName({ file: { text }, start }: Span, name: string): string {
  const before = /[\w:~]*$/.exec(text.slice(Math.max(0, start - 120), start))?.[0] ?? '';
  const behind = /^[\w:~]*/.exec(text.slice(start, start + 120))?.[0] ?? '';
  return (/^.*::/.exec(before + behind)?.[0] ?? '') + name;
}

const holds = (scope: Scope, offset: number): boolean => scope.start <= offset && offset < scope.end;

/** Ends because each scope is taken once. */
export function nested(
  symbols: readonly DocumentSymbol[],
  scopes: readonly Scope[],
  file: SourceFile,
): readonly DocumentSymbol[] {
  const [outer, ...rest] = scopes;
  if (outer === undefined) return symbols;
  const isInside = ({ nameSpan }: DocumentSymbol): boolean => holds(outer, nameSpan.start);
  const inner = rest.filter(({ start }) => start < outer.end);
  const children = nested(symbols.filter(isInside), inner, file);
  const { kind, name, nameStart, start, end } = outer;
  const symbol: DocumentSymbol = {
    name: name === 'namespace' ? '(anonymous namespace)' : name,
    kind,
    detail: '',
    span: { file, start, end },
    nameSpan: { file, start: nameStart, end: nameStart + name.length },
    children: kind === 'class' ? children.map(member) : children,
  };
  const others = nested(
    symbols.filter((one) => !isInside(one)),
    rest.slice(inner.length),
    file,
  );
  return [...others, symbol].sort((a, b) => a.nameSpan.start - b.nameSpan.start);
}

function member(symbol: DocumentSymbol): DocumentSymbol {
  if (symbol.kind === 'function') return { ...symbol, kind: 'method' };
  return symbol.kind === 'variable' ? { ...symbol, kind: 'field' } : symbol;
}
