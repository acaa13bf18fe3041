/**
 * C++ in a file that is read as C: said once in a file, at the first word that C does not have, and what such a word
 * begins at file scope is left as a whole. A word that the program declares is a name like any other.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { lookUp } from '../scopes.ts';
import { advance, type Parser, peek } from '../state.ts';
import { replaceToken, withFix } from './fixes.ts';
import { report } from './problems.ts';
import { skipDeclaration } from './recovery.ts';

/** Words that begin a declaration of C++. */
const declarations: ReadonlySet<string> = new Set('class namespace template using constexpr consteval'.split(' '));
const others: ReadonlySet<string> = new Set(
  'nullptr new delete static_cast reinterpret_cast const_cast dynamic_cast this typename decltype noexcept'.split(' '),
);

/** What the set of reported names has once C++ was told of; no name is spelt so. */
const TOLD = 'C++';

/** The next token begins a declaration that only C++ has. */
export function atCplusplus(p: Parser): boolean {
  const { text } = p.token;
  if (!declarations.has(text) || lookUp(p.scope, text) !== undefined) return false;
  return peek(p, 1).kind === 'identifier' || peek(p, 1).text === '<' || peek(p, 1).text === '{';
}

/** Leaves the declaration. */
export function cplusplusDeclaration(p: Parser): void {
  const first = p.token;
  reportCplusplus(p, first);
  p.errorIndex = p.index;
  advance(p);
  skipDeclaration(p);
  p.sink.push({ kind: 'error-declaration', first, last: p.previous });
}

/** True where the unknown name is a word of C++; the first one of a file is reported. */
export function reportCplusplus(p: Parser, token: Token): boolean {
  const { text } = token;
  if (!declarations.has(text) && !others.has(text)) return false;
  if (!p.unknown.has(TOLD)) {
    const fix = text === 'nullptr' ? replaceToken(token, 'NULL') : undefined;
    report(p, 'error', 'not-supported', `'${text}' is C++; this file is read as C.`, place(token), withFix(fix));
  }
  p.unknown.add(TOLD);
  p.unknown.add(text);
  return true;
}
