/** postfix-expression: calls, members, indices, `++` and `--` behind a primary expression. */
import { place, type Token } from '../../tokenize/token.ts';
import { fieldNamed } from '../../types/fields.ts';
import { ERROR, qualified, unqualified } from '../../types/make.ts';
import { isError, pointee } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CType, FunctionType, RecordDefinition } from '../../types/types.ts';
import type { Expression } from '../ast.ts';
import { startsTypeName } from '../declarations/type-start.ts';
import { RESERVED } from '../keywords.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { removeToken, withFix } from '../mistakes/fixes.ts';
import { mayBeginNextStatement, startsLine } from '../mistakes/layout.ts';
import { reportNoMember } from '../mistakes/no-member.ts';
import { errorAt, expect, report, syntaxError, tokenText, warningAt } from '../mistakes/problems.ts';
import { atElision, atLimit, closesSoon, elision, skipToCloseParen } from '../mistakes/recovery.ts';
import { accept, advance, at, type Parser, peek } from '../state.ts';
import { hasError } from '../walk.ts';
import { isImplicitCall } from './constants.ts';
import { convertForAssignment, decayed, promoteArgument } from './conversions.ts';
import { checkFormat } from './formats.ts';
import { increment, index } from './operators.ts';
import { primaryExpression } from './primary.ts';

/** A chain longer than this is no program; readers of the tree recurse along it. */
const chainMax = 1000;

/** Tokens that are looked at beforehand for the `)` of a parenthesis. */
const parenthesesMax = 200;

export function postfixExpression(p: Parser): Expression {
  return postfixOperators(p, primaryExpression(p));
}

/** { "[" expression "]" | "(" arguments ")" | "." name | "->" name | "++" | "--" } */
export function postfixOperators(p: Parser, operand: Expression): Expression {
  let e = operand;
  for (let length = 0; length < chainMax; length++) {
    switch (p.token.text) {
      case '[':
        e = subscript(p, e);
        break;
      case '(':
        // `a` and on the next line `(void)b;`, maybe out of a macro: a statement of its own, if a `;` is missing.
        if (startsLine(p, p.token) && !isCallable(e) && isStatementNext(p)) return e;
        e = call(p, e);
        break;
      case '.':
        if (peek(p, 1).text === '.' || (startsLine(p, p.token) && atElision(p) && !isMemberNext(p))) return e;
        e = member(p, e);
        break;
      case '->':
        e = member(p, e);
        break;
      case '++':
      case '--': {
        // `a` and on the next line `++b`: the operator belongs to what follows, if a `;` is missing.
        if (startsLine(p, p.token) && peek(p, 1).kind === 'identifier') return e;
        const operator = advance(p).text === '++' ? '++' : '--';
        e = increment(p, operator, e, { first: e.first, last: p.previous, isPrefix: false });
        break;
      }
      default:
        return e;
    }
  }
  syntaxError(p, 'too-deep', `This chain has more than ${chainMax} parts.`);
  return e;
}

/** What can be called, and what an error has already said something about. */
function isCallable(e: Expression): boolean {
  const { type } = decayed(e);
  if (type.kind !== 'pointer') return type.kind === 'error';
  return type.target.kind === 'function' || type.target.kind === 'error';
}

/** What stands behind the parentheses at the cursor goes on with no list around them. */
function isStatementNext(p: Parser): boolean {
  let depth = 0;
  for (let i = 0; i < parenthesesMax; i++) {
    const token = peek(p, i);
    if (token === p.end || token.text === ';' || token.text === '{') return false;
    if (token.text === '(') depth++;
    else if (token.text === ')' && --depth === 0) return peek(p, i + 1).text !== ')' && peek(p, i + 1).text !== ',';
  }
  return false;
}

/** A line that begins with `.name` goes on with the member; one that begins with a dot alone stands for left-out code. */
function isMemberNext(p: Parser): boolean {
  const next = peek(p, 1);
  return next.kind === 'identifier' && !startsLine(p, next);
}

/** "[" expression "]" */
function subscript(p: Parser, base: Expression): Expression {
  const open = advance(p);
  const at0 = p.rules.expression(p);
  expect(p, ']', 'after the index', open);
  return index(p, base, at0, p.previous);
}

/** "(" [ assignment-expression { "," assignment-expression } ] ")" */
function call(p: Parser, function_: Expression): Expression {
  const callee = decayed(function_);
  const open = advance(p);
  const type =
    callee.type.kind === 'pointer' && callee.type.target.kind === 'function' ? callee.type.target : undefined;
  const isUnknown = type === undefined || !type.hasPrototype;
  const args: Expression[] = [];
  while (!at(p, ')') && !atLimit(p)) {
    if (endsUnclosed(p)) break;
    const start = p.index;
    if (isUnknown && startsTypeName(p, p.token)) args.push(typeArgument(p, callee));
    else if (atElision(p)) args.push(elidedArgument(p));
    else args.push(p.rules.assignmentExpression(p));
    if (accept(p, ',')) {
      if (at(p, ')')) missingArgument(p);
      continue;
    }
    if (p.index === start || !recoverArgument(p)) break;
  }
  const closed = closeCall(p, open);
  const { first } = function_;
  const last = p.previous;
  if (type === undefined) {
    if (!isError(pointee(callee.type) ?? callee.type) && !hasError(callee))
      errorAt(
        p,
        'not-a-function',
        `This is called like a function, but its type is '${typeText(callee.type)}'.`,
        function_,
      );
    return { kind: 'call', first, last, type: ERROR, callee, arguments: args.map(promoteArgument), closed };
  }
  const converted = convertArguments(p, function_, type, args, closed);
  return { kind: 'call', first, last, type: unqualified(type.result), callee, arguments: converted, closed };
}

/** `f(a,)` */
function missingArgument(p: Parser): void {
  const extra = withFix(removeToken(p.previous));
  syntaxError(p, 'expected-expression', "An argument is missing after this ','.", extra);
}

function closeCall(p: Parser, open: Token): boolean {
  if (expect(p, ')', 'after the arguments', open)) return true;
  if (startsLine(p, p.token) || atLimit(p) || at(p, ';') || at(p, '}')) return false;
  return skipToCloseParen(p);
}

/** After a broken argument: goes to the next comma of this call, on the same line. */
function recoverArgument(p: Parser): boolean {
  if (at(p, ')') || startsLine(p, p.token) || at(p, ';') || at(p, '{') || at(p, '}')) return false;
  syntaxError(p, 'expected-token', `Expected ',' or ')' after the argument, found ${tokenText(p.token)}.`);
  let depth = 0;
  while (!atLimit(p) && !startsLine(p, p.token)) {
    const { text } = p.token;
    if (text === ';' || text === '{' || text === '}') return false;
    if (text === ')' && depth-- === 0) return false;
    if (text === '(') depth++;
    if (text === ',' && depth === 0) {
      advance(p);
      return true;
    }
    advance(p);
  }
  return false;
}

/** `IoCallDriver(Device,` is being typed, and the line below is the next statement: no `)` comes before its `;`. */
function endsUnclosed(p: Parser): boolean {
  return mayBeginNextStatement(p, p.token) && !closesSoon(p);
}

function elidedArgument(p: Parser): Expression {
  const first = p.token;
  elision(p);
  return errorExpression(first, p.previous);
}

/** A type as argument: the function is a macro that is not defined. Where a header is missing, that was reported. */
function typeArgument(p: Parser, callee: Expression): Expression {
  const first = p.token;
  if (p.names.missing.length === 0 && !isError(callee.type) && !p.names.unresolved.has(callee.first.text)) {
    const text =
      'A type stands for an argument here: what is called must be a macro, and none of that name is defined.';
    report(p, 'error', 'unexpected-type', text, place(first));
  }
  p.rules.typeName(p);
  return errorExpression(first, p.previous);
}

function convertArguments(
  p: Parser,
  function_: Expression,
  type: FunctionType,
  args: readonly Expression[],
  closed: boolean,
): Expression[] {
  const callee = function_.kind === 'name' || function_.kind === 'member' ? calleeName(function_) : undefined;
  const converted: Expression[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as Expression;
    const parameter = type.parameters[i];
    if (parameter === undefined) {
      if (i === type.parameters.length && type.hasPrototype && !type.isVariadic)
        tooMany(p, callee, type, args, argument);
      requireValue(p, argument);
      converted.push(promoteArgument(argument));
    } else {
      converted.push(convertForAssignment(p, argument, parameter.type, { role: 'argument', position: i + 1, callee }));
    }
  }
  if (closed && args.length < type.parameters.length && !args.some((a) => a.kind === 'error')) {
    const text = `${callee ?? 'This function'} takes ${countOf(type)}${type.isVariadic ? ' or more' : ''}; this call has ${args.length}.`;
    report(p, 'error', 'too-few-arguments', text, place(p.previous));
  }
  if (closed) checkFormat(p, callee, type, converted);
  return converted;
}

function countOf({ parameters }: FunctionType): string {
  return parameters.length === 1 ? '1 argument' : `${parameters.length} arguments`;
}

function calleeName(e: Expression): string | undefined {
  return e.kind === 'name' ? e.symbol.name : e.kind === 'member' ? e.name : undefined;
}

function tooMany(
  p: Parser,
  callee: string | undefined,
  type: FunctionType,
  args: readonly Expression[],
  at0: Expression,
): void {
  const text = `${callee ?? 'This function'} takes ${countOf(type)}; this call has ${args.length}.`;
  warningAt(p, 'too-many-arguments', text, at0);
}

function requireValue(p: Parser, e: Expression): void {
  if (e.type.kind === 'void') errorAt(p, 'incompatible-types', 'This has no value that could be passed.', e);
}

/** ( "." | "->" ) identifier */
function member(p: Parser, objectIn: Expression): Expression {
  const operator = advance(p);
  const wantsArrow = operator.text === '->';
  const object = decayed(objectIn);
  const record = recordBehind(p, object, operator);
  const isArrow = record === undefined ? wantsArrow : object.type.kind === 'pointer';
  const { first } = objectIn;
  const { token } = p;
  const path =
    record !== undefined && token.kind === 'identifier' ? fieldNamed(record.definition, token.text) : undefined;
  if (!isMemberName(p, path !== undefined || record === undefined)) {
    syntaxError(
      p,
      'expected-name',
      `Expected the name of a member after '${operator.text}', found ${tokenText(token)}.`,
    );
    return {
      kind: 'member',
      first,
      last: operator,
      type: ERROR,
      object,
      isArrow,
      nameToken: undefined,
      name: '',
      field: undefined,
      offset: 0,
    };
  }
  advance(p);
  const name = token.text;
  if (path === undefined) {
    if (record !== undefined) reportNoMember(p, record.definition, token);
    return {
      kind: 'member',
      first,
      last: token,
      type: ERROR,
      object,
      isArrow,
      nameToken: token,
      name,
      field: undefined,
      offset: 0,
    };
  }
  const type = record === undefined ? path.type : qualified(path.type, record);
  const { field, offset } = path;
  return { kind: 'member', first, last: token, type, object, isArrow, nameToken: token, name, field, offset };
}

/** A name follows, and not the next line's: `Irp->` may stand at the end of a line that is being typed. */
function isMemberName(p: Parser, mayBeField: boolean): boolean {
  const { token } = p;
  if (token.kind !== 'identifier') return false;
  if (RESERVED.has(token.text)) return false;
  if (!startsLine(p, token)) return true;
  return mayBeField && !mayBeginNextStatement(p, token);
}

interface RecordBehind {
  readonly definition: RecordDefinition;
  readonly isConst: boolean;
  readonly isVolatile: boolean;
}

/** The record whose member is meant; reports `.` for `->` and the reverse, and goes on with what was meant. */
function recordBehind(p: Parser, object: Expression, operator: Token): RecordBehind | undefined {
  const { type } = object;
  const target: CType = type.kind === 'pointer' ? type.target : type;
  if (target.kind === 'error' || type.kind === 'error' || isImplicitCall(object)) return undefined;
  if (target.kind !== 'record') {
    errorAt(p, 'not-a-record', `'${operator.text}' needs a struct or union; this is '${typeText(type)}'.`, object);
    return undefined;
  }
  const right = type.kind === 'pointer' ? '->' : '.';
  if (right !== operator.text) {
    const span = place(operator);
    const text = `'${typeText(type)}' is ${right === '->' ? 'a pointer' : 'no pointer'}; its members are reached by '${right}'.`;
    const fix = { title: `Replace '${operator.text}' by '${right}'`, edits: [{ span, newText: right }] };
    report(p, 'error', 'wrong-member-operator', text, span, { fix });
  }
  const { definition, isConst, isVolatile } = target;
  if (definition.fields === undefined) {
    if (!p.incomplete.has(definition)) {
      errorAt(
        p,
        'incomplete-type',
        `The members of '${typeText(target)}' are not known here; include the header that defines it.`,
        object,
      );
    }
    p.incomplete.add(definition);
    return undefined;
  }
  return { definition, isConst, isVolatile };
}
