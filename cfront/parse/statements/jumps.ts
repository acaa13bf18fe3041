/** Labels and jumps: goto, break, continue, __leave, return. */

import { place } from '../../tokenize/token.ts';
import { typeText } from '../../types/text.ts';
import type { Expression, GotoStatement, Statement } from '../ast.ts';
import { convertForAssignment, RETURN } from '../expressions/conversions.ts';
import { expression } from '../expressions/expressions.ts';
import { RESERVED } from '../keywords.ts';
import { errorStatement } from '../mistakes/error-nodes.ts';
import { startsLine } from '../mistakes/layout.ts';
import { report, syntaxError, tokenText } from '../mistakes/problems.ts';
import { skipStatement } from '../mistakes/recovery.ts';
import { advance, at, currentFunction, type Parser } from '../state.ts';
import { endStatement } from './block-declarations.ts';

/** What a label stands before; nothing, at the end of a block (C23). */
export function labelled(p: Parser): Statement {
  if (!at(p, '}')) return p.rules.statement(p);
  return { kind: 'empty', first: p.previous, last: p.previous };
}

/** identifier ":" statement */
export function labelStatement(p: Parser): Statement {
  const first = advance(p);
  advance(p);
  const { labels } = currentFunction(p);
  const earlier = labels.get(first.text);
  if (earlier === undefined) labels.set(first.text, first);
  else {
    const related = [{ span: place(earlier), message: 'The first one stands here.' }];
    report(p, 'error', 'redefinition', `There are two labels '${first.text}' in this function.`, place(first), {
      related,
    });
  }
  const body = labelled(p);
  return { kind: 'label', first, last: body.last, name: first.text, body };
}

/** "goto" identifier ";" */
export function gotoStatement(p: Parser): Statement {
  const first = advance(p);
  const nameToken = p.token;
  if (at(p, '*')) {
    syntaxError(p, 'not-supported', "A jump to a computed label is GNU's; Microsoft's compiler does not have it.");
    skipStatement(p);
    return errorStatement(first, p.previous);
  }
  if (nameToken.kind !== 'identifier' || RESERVED.has(nameToken.text) || startsLine(p, nameToken)) {
    syntaxError(p, 'expected-name', `Expected a label after 'goto', found ${tokenText(nameToken)}.`);
    if (!startsLine(p, nameToken)) skipStatement(p);
    return errorStatement(first, p.previous);
  }
  advance(p);
  endStatement(p, "after 'goto'");
  const node: GotoStatement = { kind: 'goto', first, last: p.previous, label: nameToken.text };
  currentFunction(p).gotos.push({ node, nameToken });
  return node;
}

/** ( "break" | "continue" | "__leave" ) ";" */
export function jumpStatement(p: Parser): Statement {
  const first = advance(p);
  const f = currentFunction(p);
  const kind = first.text === 'break' ? 'break' : first.text === 'continue' ? 'continue' : 'leave';
  const isInside = kind === 'break' ? f.breakables > 0 : kind === 'continue' ? f.loops > 0 : f.tries > 0;
  if (!isInside) {
    const where = kind === 'break' ? 'a loop or switch' : kind === 'continue' ? 'a loop' : 'a __try block';
    report(p, 'error', 'misplaced-jump', `'${first.text}' stands outside of ${where}.`, place(first));
  }
  endStatement(p, `after '${first.text}'`);
  return isInside ? { kind, first, last: p.previous } : errorStatement(first, p.previous);
}

/** "return" [ expression ] ";" */
export function returnStatement(p: Parser): Statement {
  const first = advance(p);
  const { result, symbol } = currentFunction(p);
  let value: Expression | undefined;
  if (!at(p, ';') && !at(p, '}')) {
    const e = expression(p);
    if (result.kind !== 'void') value = convertForAssignment(p, e, result, RETURN);
    else {
      value = e;
      if (e.type.kind !== 'void' && e.type.kind !== 'error') {
        report(
          p,
          'warning',
          'value-in-void-function',
          `'${symbol.name}' returns nothing, but a value is given.`,
          place(first),
        );
      }
    }
  } else if (result.kind !== 'void' && result.kind !== 'error' && at(p, ';')) {
    report(
      p,
      'warning',
      'missing-return-value',
      `'${symbol.name}' returns '${typeText(result)}', but no value is given.`,
      place(first),
    );
  }
  endStatement(p, "after 'return'");
  return { kind: 'return', first, last: p.previous, value };
}
