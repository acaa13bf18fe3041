/**
 * What a name that nothing declares stands for among declaration specifiers: a type or a macro whose header is missing,
 * or the declared name itself. Only the tokens behind it tell; nothing is read here.
 */
import type { Token } from '../../tokenize/token.ts';
import { isAnnotationToken, startsTypeName } from '../declarations/type-start.ts';
import { RESERVED, SPECIFIERS } from '../keywords.ts';
import { lookUp } from '../scopes.ts';
import { type Parser, peek } from '../state.ts';
import { mayBeginNextStatement } from './layout.ts';

/** Where specifiers are read: how bold a guess about an unknown name may be. */
export type SpecifierPlace = 'file' | 'block' | 'member' | 'parameter' | 'type-name';

/** What a name that nothing declares is, where a type may stand. */
export function guessUnknownName(p: Parser, where: SpecifierPlace): 'type' | 'macro' | 'declarator' {
  const next = peek(p, 1);
  const after = peek(p, 2);
  if (next.kind === 'identifier') {
    if (where === 'block' && mayBeginNextStatement(p, next)) return 'declarator';
    if (startsTypeName(p, next) || SPECIFIERS.has(next.text)) {
      // `FOO const *p` and `FOO const x` name a type, `FOO ULONG x` and `FOO const ULONG x` a macro.
      const word = SPECIFIERS.get(next.text);
      if (word === 'const' || word === 'volatile') {
        const { kind, text } = peek(p, 3);
        const isName = after.kind === 'identifier' && !RESERVED.has(after.text);
        if (startsTypeName(p, after) || (isName && (kind === 'identifier' || text === '*'))) return 'macro';
      }
      return word === 'const' || word === 'volatile' || word === 'calling-convention' || word === 'ignored'
        ? 'type'
        : 'macro';
    }
    if (RESERVED.has(next.text)) return 'declarator';
    if (isAnnotationToken(p, next)) {
      const behind = behindAnnotations(p);
      return startsTypeName(p, behind) || SPECIFIERS.has(behind.text) ? 'macro' : 'type';
    }
    // `IN OUT PULONG Length` without the header of any of them: the last word but the name is the type.
    const isMore = after.kind === 'identifier' || after.text === '*';
    if (where === 'parameter' && isMore && lookUp(p.scope, next.text) === undefined && !isAnnotationToken(p, next)) {
      return 'macro';
    }
    // `FOO_API PAGEDX _IRQL_requires_max_(…) VOID Name(…)` without the header of the first two.
    if (after.kind === 'identifier' && where === 'file' && isAnnotationToken(p, after)) return 'macro';
    if (where !== 'block') return 'type';
    return after.text === ';' || after.text === '=' || after.text === ',' || after.text === '[' ? 'type' : 'declarator';
  }
  if (next.text === '*') {
    if (where !== 'block') return 'type';
    let i = 1;
    while (peek(p, i).text === '*') i++;
    const end = peek(p, i + 1).text;
    const isName = peek(p, i).kind === 'identifier' && lookUp(p.scope, peek(p, i).text) === undefined;
    return isName && (end === ';' || end === '=' || end === ',' || end === '[') ? 'type' : 'declarator';
  }
  if (where === 'parameter') return next.text === ',' || next.text === ')' || next.text === '(' ? 'type' : 'declarator';
  if (where === 'type-name') return 'type';
  if (where === 'member') return next.text === '(' && after.text === '*' ? 'type' : 'declarator';
  if (where !== 'file' || next.text !== '(') return 'declarator';
  // `DWORD (*Name)(…)`, and `DWORD (WINAPI NAME)(…)` or `DWORD (WINAPI *NAME)(…)` without the header of either.
  if (after.text === '*') return 'type';
  const name = peek(p, 3).text === '*' ? 4 : 3;
  const isGroup = after.kind === 'identifier' && peek(p, name).kind === 'identifier' && peek(p, name + 1).text === ')';
  return isGroup && peek(p, name + 2).text === '(' ? 'type' : 'declarator';
}

/** The token behind the annotations that follow the next token. */
function behindAnnotations(p: Parser): Token {
  let i = 1;
  while (isAnnotationToken(p, peek(p, i))) {
    if (peek(p, ++i).text !== '(') continue;
    let depth = 0;
    do {
      const { kind, text } = peek(p, i++);
      if (kind === 'end') return peek(p, i);
      if (text === '(') depth++;
      else if (text === ')') depth--;
    } while (depth > 0);
  }
  return peek(p, i);
}
