/**
 * parameter-type-list: what stands between the parentheses of a function declarator.
 *
 * Parameters live in a scope of their own, which a definition's body goes on in. A list that is broken keeps the
 * parameters that could be read.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { ERROR, INT, pointerTo, qualified } from '../../types/make.ts';
import type { CType } from '../../types/types.ts';
import type { VariableSymbol } from '../ast.ts';
import { inFirstColumn, startsLine } from '../mistakes/layout.ts';
import { expect, report, syntaxError, tokenText } from '../mistakes/problems.ts';
import { atElision, atLimit, closesSoon, elision } from '../mistakes/recovery.ts';
import { declareName, innerScope } from '../scopes.ts';
import { accept, advance, at, type Parser, peek } from '../state.ts';
import { keptPlace } from '../trail.ts';
import { declarator, type ParameterList } from './declarators.ts';
import { declarationSpecifiers, type Specifiers } from './specifiers.ts';
import { isAnnotationToken, startsDeclaration, startsTypeName } from './type-start.ts';

export function parameterTypeList(p: Parser): ParameterList {
  const open = advance(p);
  const scope = innerScope(p.scope, { isPrototype: true });
  const list = { parameters: [], symbols: [], scope } satisfies Partial<ParameterList>;
  if (accept(p, ')')) return { ...list, identifiers: [], isVariadic: false, hasPrototype: false };
  const identifiers = identifierList(p);
  if (identifiers !== undefined) return { ...list, identifiers, isVariadic: false, hasPrototype: false };
  const outer = p.scope;
  p.scope = scope;
  const isVariadic = parameterDeclarations(p, list);
  p.scope = outer;
  expect(p, ')', 'after the parameters', open);
  return { ...list, identifiers: [], isVariadic, hasPrototype: true };
}

/** The type that a parameter declared as `type` really has (C11 6.7.6.3p7). */
export function adjustedParameterType(type: CType): CType {
  if (type.kind === 'array') return pointerTo(type.element);
  if (type.kind === 'function') return pointerTo(type);
  return type;
}

export function parameterSymbol(name: string, type: CType, annotations: VariableSymbol['annotations']): VariableSymbol {
  return {
    kind: 'variable',
    name,
    declarations: [],
    type,
    linkage: 'none',
    duration: 'automatic',
    isParameter: true,
    definition: undefined,
    isAddressTaken: type.kind === 'record',
    annotations,
  };
}

type Draft = Pick<ParameterList, 'parameters' | 'symbols' | 'scope'>;

/** parameter { "," parameter } [ "," "..." ]; true if it ends with the dots. */
function parameterDeclarations(p: Parser, list: Draft): boolean {
  for (;;) {
    if (at(p, '...') && peek(p, 1).text === ')') {
      advance(p);
      return true;
    }
    const start = p.index;
    if (inFirstColumn(p, p.token) && startsDeclaration(p, p.token) && !closesSoon(p)) return false;
    if (atElision(p)) elision(p);
    else {
      const what = parameterDeclaration(p, list);
      if (what !== 'parameter') return what === 'ellipsis';
    }
    if (accept(p, ',')) {
      if (!at(p, ')')) continue;
      const span = place(p.previous);
      const fix = { title: "Remove the ','", edits: [{ span, newText: '' }] };
      report(p, 'error', 'trailing-comma', "A parameter is missing after this ','.", span, { fix });
      return false;
    }
    if (at(p, ')') || atLimit(p)) return false;
    if (startsLine(p, p.token) && p.index > start && beginsParameter(p) && !inFirstColumn(p, p.token)) {
      expect(p, ',', 'between parameters');
      continue;
    }
    if (at(p, ';') && goesOnBehind(p)) {
      semicolonForComma(p);
      if (at(p, ')')) return false;
      continue;
    }
    if (at(p, '{')) return false;
    syntaxError(p, 'expected-token', `Expected ',' or ')' in the parameters, found ${tokenText(p.token)}.`);
    if (!skipToNextParameter(p)) return false;
  }
}

/** Behind a `;` the list goes on: the `)` that closes it comes before any brace. */
function goesOnBehind(p: Parser): boolean {
  if (peek(p, 1).text === ')') return true;
  if (!startsTypeName(p, peek(p, 1))) return false;
  let depth = 0;
  for (let i = 1; i < listMax; i++) {
    const token = peek(p, i);
    if (token === p.end || token.text === '{' || token.text === '}') return false;
    if (token.text === '(') depth++;
    else if (token.text === ')' && depth-- === 0) return true;
  }
  return false;
}

/** Tokens of a parameter list that are looked at beforehand. */
const listMax = 500;

/** `PVOID Context;` inside the parentheses. */
function semicolonForComma(p: Parser): void {
  const isLast = peek(p, 1).text === ')';
  const edits = [{ span: place(p.token), newText: isLast ? '' : ',' }];
  const fix = { title: isLast ? "Remove the ';'" : "Replace ';' by ','", edits };
  syntaxError(p, 'expected-token', "Parameters are separated by ','; found ';'.", { fix });
  advance(p);
}

/** declaration-specifiers [ declarator ]; `(void)` says that there are none. */
function parameterDeclaration(p: Parser, list: Draft): 'parameter' | 'void-list' | 'ellipsis' {
  const first = p.token;
  const specifiers = declarationSpecifiers(p, 'parameter');
  // `_In_ ...`: what SAL says of the arguments that follow.
  const isAnnotation = !specifiers.hasType && specifiers.annotations.length > 0;
  if (isAnnotation && at(p, '...') && peek(p, 1).text === ')') {
    advance(p);
    return 'ellipsis';
  }
  if (!specifiers.hasType && !isImplicitInt(p, specifiers)) {
    syntaxError(p, 'expected-type', `Expected the type of a parameter, found ${tokenText(p.token)}.`);
    return 'parameter';
  }
  const d = declarator(p, specifiers.hasType ? specifiers.type : INT, 'either', specifiers);
  if (d.type.kind === 'void') {
    const isOnly = list.parameters.length === 0 && d.nameToken === undefined && at(p, ')');
    if (isOnly) return 'void-list';
    report(p, 'error', 'incomplete-type', "A parameter cannot have the type 'void'.", place(d.nameToken ?? first));
  }
  let type = d.type.kind === 'void' ? ERROR : adjustedParameterType(d.type);
  if (d.type.kind === 'array' && d.type.isConst) type = qualified(type, { isConst: true, isVolatile: false });
  const annotations =
    specifiers.annotations.length === 0 ? d.annotations : [...specifiers.annotations, ...d.annotations];
  const at0 = place(first);
  const end = place(p.previous).end;
  const name = d.nameToken?.text;
  list.parameters.push({
    name,
    type,
    annotations,
    span: keptPlace(p, { file: at0.file, start: at0.start, end: Math.max(at0.end, end) }),
  });
  const symbol = parameterSymbol(name ?? '', type, annotations);
  if (specifiers.storage === 'register') symbol.isRegister = true;
  list.symbols.push(symbol);
  if (d.nameToken === undefined) return 'parameter';
  if (list.scope.names?.has(symbol.name)) {
    report(p, 'error', 'redefinition', `There are two parameters called '${symbol.name}'.`, place(d.nameToken));
  }
  symbol.declarations.push({
    kind: 'variable-declaration',
    first,
    last: p.previous,
    symbol,
    nameToken: d.nameToken,
    initializer: undefined,
  });
  declareName(list.scope, symbol);
  return 'parameter';
}

/** `register x` and `const x`: int is meant. */
function isImplicitInt(p: Parser, specifiers: Specifiers): boolean {
  return p.token !== specifiers.first && (p.token.kind === 'identifier' || at(p, ',') || at(p, ')'));
}

/**
 * identifier { "," identifier } ")": the names of an old-style definition. Only if declarations or the body follow,
 * for names alone may also be types that are not known.
 */
function identifierList(p: Parser): Token[] | undefined {
  if (p.token.kind !== 'identifier' || startsTypeName(p, p.token) || isAnnotationToken(p, p.token)) return undefined;
  const names: Token[] = [];
  for (let i = 0; ; i += 2) {
    const name = peek(p, i);
    const { text } = peek(p, i + 1);
    if (name.kind !== 'identifier' || (text !== ',' && text !== ')')) return undefined;
    names.push(name);
    if (text === ',') continue;
    // Without the header that has it, VOID is no name of a parameter either.
    if (i === 0 && name.text === 'VOID') return undefined;
    const after = peek(p, i + 2);
    if (after.text !== '{' && !(startsDeclaration(p, after) && !after.text.startsWith('__'))) return undefined;
    for (let k = 0; k < i + 2; k++) advance(p);
    return names;
  }
}

function beginsParameter(p: Parser): boolean {
  return startsTypeName(p, p.token) || isAnnotationToken(p, p.token);
}

/** Leaves a broken parameter: true at the next one, false where the list ends. */
function skipToNextParameter(p: Parser): boolean {
  let depth = 0;
  while (!atLimit(p)) {
    const { text } = p.token;
    if (text === '{' || text === '}' || text === ';') return false;
    if (depth === 0 && text === ')') return false;
    if (inFirstColumn(p, p.token) && startsDeclaration(p, p.token)) return false;
    if (text === '(' || text === '[') depth++;
    else if (text === ')' || text === ']') depth--;
    advance(p);
    if (text === ',' && depth === 0) return true;
  }
  return false;
}
