/**
 * Statements outside of a function: what follows a brace too many, or text that shows a part of a function only. They
 * are told of once for a run of them, and left.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { SPECIFIERS, STATEMENT_WORDS } from '../keywords.ts';
import { lookUp } from '../scopes.ts';
import { advance, type Parser, peek } from '../state.ts';
import { report } from './problems.ts';
import { skipDeclaration } from './recovery.ts';

/** Operators behind a name that only a statement has. */
const statementOperators = new Set([
  '->',
  '.',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '<<=',
  '>>=',
]);

/** The tokens at file scope begin a statement; `isHead` says that they may as well be the head of a function. */
export function atStatement(p: Parser, isHead: (p: Parser) => boolean): boolean {
  const { token } = p;
  if (token.kind !== 'identifier') return false;
  if (STATEMENT_WORDS.has(token.text)) return true;
  if (SPECIFIERS.has(token.text)) return false;
  const next = peek(p, 1).text;
  const symbol = lookUp(p.scope, token.text);
  if (statementOperators.has(next)) return symbol?.kind !== 'typedef';
  if (next === '=') return symbol === undefined || symbol.kind === 'variable';
  if (next === '[') return symbol?.kind === 'variable' && isAssignment(p);
  return next === '(' && symbol?.kind === 'function' && !isHead(p);
}

/** `name[…] =` */
function isAssignment(p: Parser): boolean {
  let depth = 0;
  for (let i = 1; ; i++) {
    const token = peek(p, i);
    if (token === p.end || token.text === ';' || token.text === '{') return false;
    if (token.text === '[') depth++;
    else if (token.text === ']' && --depth === 0) return peek(p, i + 1).text === '=';
  }
}

/** Leaves the statement; says so unless another one stands right before it. */
export function strayStatement(p: Parser): void {
  const first: Token = p.token;
  const last = p.sink[p.sink.length - 1];
  const isRun = last?.kind === 'error-declaration' && last.isStatement === true && last.last === p.previous;
  const start = p.index;
  if (!isRun) {
    const text = "A statement stands outside of a function. Is a '}' above it one too many?";
    report(p, 'error', 'misplaced-statement', text, place(first));
  }
  p.errorIndex = p.index;
  skipDeclaration(p);
  if (p.index === start) advance(p);
  p.sink.push({ kind: 'error-declaration', first, last: p.previous, isStatement: true });
}
