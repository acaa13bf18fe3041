/** What a token begins: a type, an annotation, or neither. Looks at the token and the scopes, reads nothing. */
import type { Token } from '../../tokenize/token.ts';
import { SPECIFIERS } from '../keywords.ts';
import { lookUp } from '../scopes.ts';
import { type Parser, peek } from '../state.ts';
import { isAnnotationName } from './annotations.ts';

/** The token begins a type name: a specifier that can stand in one, or a typedef's name. */
export function startsTypeName(p: Parser, token: Token): boolean {
  if (token.kind !== 'identifier') return false;
  const word = SPECIFIERS.get(token.text);
  if (word === undefined) return lookUp(p.scope, token.text)?.kind === 'typedef';
  // A file may use `typeof` or `inline` as a name of its own only by declaring it, which no header does.
  return word !== 'typedef' && word !== 'extern' && word !== 'static' && word !== 'auto';
}

/** The token begins a declaration: as a type name, or with a storage class. */
export function startsDeclaration(p: Parser, token: Token): boolean {
  if (token.kind !== 'identifier') return false;
  return SPECIFIERS.has(token.text) || lookUp(p.scope, token.text)?.kind === 'typedef';
}

/** The next token is an annotation word that the program has not declared as something else. */
export function atAnnotation(p: Parser): boolean {
  return isAnnotationToken(p, p.token);
}

export function isAnnotationToken(p: Parser, token: Token): boolean {
  const { text } = token;
  if (token.kind !== 'identifier' || text.charCodeAt(0) !== 95) return false;
  let known = p.annotationNames.get(text);
  if (known === undefined) {
    known = isAnnotationName(text);
    p.annotationNames.set(text, known);
  }
  return known && lookUp(p.scope, text) === undefined;
}

/** Right after a type: an annotation, and not the declared name itself (`ULONG _Reserved_;`). */
export function atAnnotationAfterType(p: Parser): boolean {
  if (!isAnnotationToken(p, p.token)) return false;
  const { text } = peek(p, 1);
  return text !== ';' && text !== '=' && text !== ',' && text !== '[';
}
