/**
 * declaration: specifiers, declarators, initializers, at file scope and in blocks; `_Static_assert`.
 *
 * Each declared name becomes a node that points to its symbol. What a definition of a function needs comes back to
 * the caller, because bodies stand at file scope only.
 */
import { place, type Token } from '../tokenize/token.ts';
import { sameUnqualified } from '../types/compatible.ts';
import { INT, withAlias } from '../types/make.ts';
import { calledFunction, isComplete } from '../types/predicates.ts';
import { typeText } from '../types/text.ts';
import type { CType, FunctionType } from '../types/types.ts';
import type {
  Annotation,
  DeclarationNode,
  Initializer,
  TypedefSymbol,
  VariableDeclaration,
  VariableSymbol,
} from './ast.ts';
import { constantValue, isStaticInitializer } from './constants.ts';
import { type Declarator, declarator } from './declarators.ts';
import { declareFunction, declareVariable, reportRedefinition } from './entities.ts';
import { initializer } from './initializers.ts';
import { errorAt, expect, report, syntaxError } from './problems.ts';
import { declareName } from './scopes.ts';
import type { Specifiers } from './specifiers.ts';
import { accept, advance, at, type Parser, peek } from './state.ts';
import { startsDeclaration } from './type-start.ts';

/** The declarator of a function whose body follows. */
export interface FunctionHead {
  readonly specifiers: Specifiers;
  readonly declarator: Declarator;
  readonly type: FunctionType;
}

/** What became of a declaration. */
export type DeclarationEnd =
  | 'complete'
  /** The `;` is missing and the next token does not belong here: the caller skips what it must. */
  | 'broken'
  | FunctionHead;

/** [ init-declarator { "," init-declarator } ] ";" after the specifiers; nodes go to `p.sink`. */
export function initDeclarators(p: Parser, specifiers: Specifiers): DeclarationEnd {
  if (accept(p, ';')) {
    declaresNothing(p, specifiers);
    return 'complete';
  }
  if (specifiers.definesTag && beginsNextDeclaration(p)) {
    expect(p, ';', "after the '}'");
    return 'complete';
  }
  for (let isFirst = true; ; isFirst = false) {
    const base = specifiers.hasType ? specifiers.type : INT;
    const d = declarator(p, base, 'named', specifiers);
    if (d.nameToken === undefined) return accept(p, ';') ? 'complete' : 'broken';
    if (isFirst && d.parameters !== undefined && d.type.kind === 'function' && specifiers.storage !== 'typedef') {
      if (at(p, '{') || (d.parameters.identifiers.length > 0 && startsDeclaration(p, p.token))) {
        return { specifiers, declarator: d, type: d.type };
      }
    }
    initDeclarator(p, specifiers, d, d.nameToken);
    if (accept(p, ',')) continue;
    if (expect(p, ';', 'after the declaration')) return 'complete';
    return 'broken';
  }
}

/** One name: typedef, function or variable, with its initializer. */
function initDeclarator(p: Parser, specifiers: Specifiers, d: Declarator, nameToken: Token): void {
  const annotations = joinAnnotations(specifiers.annotations, d.annotations);
  if (specifiers.storage === 'typedef') {
    typedefName(p, specifiers, d, nameToken, annotations);
    return;
  }
  if (d.type.kind === 'function') {
    declareFunction(p, {
      specifiers,
      declarator: d,
      nameToken,
      type: annotatedFunction(d.type, annotations),
      annotations,
    });
    if (at(p, '=')) {
      syntaxError(p, 'bad-initializer', 'A function cannot be initialised.');
      advance(p);
      initializer(p, INT);
    }
    return;
  }
  const symbol = declareVariable(p, specifiers, nameToken, annotated(d.type, annotations), annotations);
  let value: Initializer | undefined;
  if (accept(p, '=')) {
    const read = initializer(p, symbol.type);
    value = read.initializer;
    symbol.type = read.type;
    if (symbol.duration === 'static' && !isStaticInitializer(value)) notConstant(p, value);
  }
  const node: VariableDeclaration = {
    kind: 'variable-declaration',
    first: specifiers.first,
    last: p.previous,
    symbol,
    nameToken,
    initializer: value,
  };
  defineVariable(p, specifiers, symbol, node);
}

/** Records the node as the symbol's definition if it is one. */
function defineVariable(p: Parser, specifiers: Specifiers, symbol: VariableSymbol, node: VariableDeclaration): void {
  symbol.declarations.push(node);
  p.sink.push(node);
  const isExternOnly = specifiers.storage === 'extern' && node.initializer === undefined;
  if (isExternOnly) return;
  const { definition } = symbol;
  if (definition?.initializer !== undefined && node.initializer !== undefined) {
    reportRedefinition(p, node.nameToken, definition.nameToken, `'${symbol.name}' has an initializer already.`);
  }
  if (definition?.initializer === undefined) symbol.definition = node;
  const { type } = symbol;
  const mayCompleteLater = symbol.linkage !== 'none' && type.kind === 'array' && isComplete(type.element);
  if (
    type.kind === 'error' ||
    isComplete(type) ||
    mayCompleteLater ||
    (symbol.linkage === 'external' && type.kind === 'record')
  )
    return;
  if (type.kind === 'array' && type.element.kind === 'error') return;
  const text = `'${symbol.name}' has the type '${typeText(type)}', whose size is not known.`;
  report(p, 'error', 'incomplete-type', text, place(node.nameToken));
}

function typedefName(
  p: Parser,
  specifiers: Specifiers,
  d: Declarator,
  nameToken: Token,
  annotations: readonly Annotation[],
): void {
  const name = nameToken.text;
  const previous = p.scope.names?.get(name);
  const symbol: TypedefSymbol =
    previous?.kind === 'typedef' && (sameUnqualified(previous.type, d.type) || previous.type.kind === 'error')
      ? previous
      : { kind: 'typedef', name, declarations: [], type: withAlias(annotated(d.type, annotations), name), annotations };
  if (previous !== undefined && previous !== symbol && d.type.kind !== 'error') {
    const old = previous.kind === 'typedef' ? ` as '${typeText({ ...previous.type, alias: name })}'` : '';
    reportRedefinition(p, nameToken, previous.declarations[0], `'${name}' is declared already${old}.`);
  }
  if (accept(p, '=')) {
    syntaxError(p, 'bad-initializer', 'A typedef cannot be initialised.');
    initializer(p, INT);
  }
  const node: DeclarationNode = {
    kind: 'typedef-declaration',
    first: specifiers.first,
    last: p.previous,
    symbol,
    nameToken,
  };
  symbol.declarations.push(node);
  p.sink.push(node);
  declareName(p.scope, symbol);
}

/** A function type, or a pointer to one, keeps the annotations of its declaration: role types hand them on so. */
function annotated(type: CType, annotations: readonly Annotation[]): CType {
  if (annotations.length === 0) return type;
  const called = calledFunction(type);
  if (called === undefined) return type;
  const target = annotatedFunction(called, annotations);
  return type.kind === 'pointer' ? { ...type, target } : target;
}

export function annotatedFunction(type: FunctionType, annotations: readonly Annotation[]): FunctionType {
  return annotations.length === 0 ? type : { ...type, annotations: joinAnnotations(type.annotations, annotations) };
}

export function joinAnnotations(a: readonly Annotation[], b: readonly Annotation[]): readonly Annotation[] {
  return a.length === 0 ? b : b.length === 0 ? a : [...a, ...b];
}

/** "_Static_assert" "(" constant-expression [ "," string ] ")" ";" */
export function staticAssert(p: Parser): void {
  const first = advance(p);
  const open = p.token;
  if (!expect(p, '(', `after ${first.text}`)) return;
  const e = p.rules.constantExpression(p);
  let message = '';
  if (accept(p, ',')) {
    while (p.token.kind === 'string') message += advance(p).text;
  }
  if (!at(p, ')') && p.errorIndex !== p.index) expect(p, ')', `after ${first.text}(…`, open);
  else accept(p, ')');
  accept(p, ';');
  const value = constantValue(e);
  p.sink.push({ kind: 'static-assert', first, last: p.previous });
  if (e.type.kind === 'error') return;
  if (value === undefined) errorAt(p, 'not-constant', 'The condition of a static assertion must be a constant.', e);
  else if (value === 0n)
    errorAt(p, 'static-assert', `The static assertion fails${message === '' ? '' : `: ${message}`}.`, e);
}

function notConstant(p: Parser, value: Initializer): void {
  const text = 'What lives as long as the driver must be initialised by a constant.';
  if (value.kind === 'expression') errorAt(p, 'not-constant', text, value.value);
  else {
    const entry = value.entries.find((e) => !isStaticInitializer({ kind: 'expression', value: e.value }));
    errorAt(p, 'not-constant', text, entry?.value ?? value);
  }
}

function declaresNothing(p: Parser, specifiers: Specifiers): void {
  if (specifiers.namesTag || !specifiers.hasType || specifiers.type.kind === 'error') return;
  report(p, 'warning', 'declares-nothing', 'This declares no name.', place(specifiers.first));
}

/** After `struct X { … }` without `;`: the next line begins another declaration. */
function beginsNextDeclaration(p: Parser): boolean {
  const { token } = p;
  if (!token.startsLine || token.kind !== 'identifier' || !startsDeclaration(p, token)) return false;
  const next = peek(p, 1);
  return next.kind === 'identifier' || next.text === '*' || next.text === '(';
}
