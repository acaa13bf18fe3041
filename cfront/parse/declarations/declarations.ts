/**
 * declaration: specifiers, declarators, initializers, at file scope and in blocks; `_Static_assert`.
 *
 * Each declared name becomes a node that points to its symbol. What a definition of a function needs comes back to
 * the caller, because bodies stand at file scope only.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { alignOf } from '../../types/layout.ts';
import { INT, qualified, unqualified } from '../../types/make.ts';
import { isComplete, isGuess, pointee } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { FunctionType } from '../../types/types.ts';
import type { DeclarationNode, Expression, Initializer, VariableDeclaration, VariableSymbol } from '../ast.ts';
import { constantValue, isStaticInitializer, whyNotConstant } from '../expressions/constants.ts';
import { decayed } from '../expressions/conversions.ts';
import { SPECIFIERS, STATEMENT_WORDS } from '../keywords.ts';
import { brokenBodyStart } from '../mistakes/body-end.ts';
import { mayBeginNextStatement, startsLine } from '../mistakes/layout.ts';
import { errorAt, expect, report, syntaxError } from '../mistakes/problems.ts';
import { lookUp } from '../scopes.ts';
import { accept, advance, at, type Parser, peek } from '../state.ts';
import { hasError, someNode } from '../walk.ts';
import { type Declarator, declarator } from './declarators.ts';
import { declareFunction, declareVariable, reportRedefinition } from './entities.ts';
import { initializer } from './initializers.ts';
import type { Specifiers } from './specifiers.ts';
import { startsDeclaration } from './type-start.ts';
import { annotated, annotatedFunction, joinAnnotations, typedefName } from './typedefs.ts';

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
    if (p.function !== undefined && isNextStatement(p)) return 'broken';
    const base = specifiers.hasType ? specifiers.type : INT;
    // What stands at one name of several is of that name only.
    const own: Specifiers = { ...specifiers };
    const d = declarator(p, base, 'named', own);
    if (d.nameToken === undefined) return accept(p, ';') ? 'complete' : 'broken';
    if (isFirst && d.parameters !== undefined && d.type.kind === 'function' && specifiers.storage !== 'typedef') {
      if (
        at(p, '{') ||
        brokenBodyStart(p) !== undefined ||
        (d.parameters.identifiers.length > 0 && startsDeclaration(p, p.token))
      ) {
        return { specifiers: own, declarator: d, type: d.type };
      }
    }
    initDeclarator(p, own, d, d.nameToken);
    if (accept(p, ',')) continue;
    if (expect(p, ';', 'after the declaration')) return 'complete';
    return 'broken';
  }
}

/**
 * Where a name is wanted, the next line begins a statement of its own (`ULONG` alone, while somebody types): another
 * declaration, or a name that is declared in this block already.
 */
function isNextStatement(p: Parser): boolean {
  const { token } = p;
  if (token.kind !== 'identifier' || !mayBeginNextStatement(p, token)) return false;
  if (STATEMENT_WORDS.has(token.text) || SPECIFIERS.has(token.text)) return true;
  if (p.scope.names?.has(token.text) === true) return true;
  const next = peek(p, 1);
  if (next.kind === 'identifier' && startsLine(p, next)) return true;
  const goesOn = next.kind === 'identifier' || next.text === '*';
  return goesOn && lookUp(p.scope, token.text)?.kind === 'typedef';
}

/** One name: typedef, function or variable, with its initializer. */
function initDeclarator(p: Parser, specifiers: Specifiers, d: Declarator, nameToken: Token): void {
  const annotations = joinAnnotations(specifiers.annotations, d.annotations);
  if (specifiers.storage === 'typedef') {
    typedefName(p, specifiers, d, nameToken, annotations);
    return;
  }
  if (d.type.kind === 'function') {
    const symbol = declareFunction(p, {
      specifiers,
      declarator: d,
      nameToken,
      type: annotatedFunction(d.type, annotations),
      annotations,
    });
    if (specifiers.deprecated !== undefined) symbol.deprecated = specifiers.deprecated;
    if (at(p, '=')) {
      syntaxError(p, 'bad-initializer', 'A function cannot be initialised.');
      advance(p);
      initializer(p, INT);
    }
    return;
  }
  if (specifiers.isAutoType) {
    autoTypeVariable(p, specifiers, d, nameToken);
    return;
  }
  const symbol = declareVariable(p, specifiers, nameToken, annotated(d.type, annotations), annotations);
  storageAttributes(p, specifiers, symbol, nameToken);
  let value: Initializer | undefined;
  if (accept(p, '=')) {
    if (specifiers.storage === 'extern' && p.function !== undefined) {
      const text = `'${symbol.name}' is extern in a block, where it cannot be initialised.`;
      report(p, 'error', 'bad-initializer', text, place(nameToken));
    }
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

/** "__auto_type" name "=" expression: the variable is declared behind the expression that has its type. */
function autoTypeVariable(p: Parser, specifiers: Specifiers, d: Declarator, nameToken: Token): void {
  if (!expect(p, '=', 'after the name, because __auto_type takes the type of a value')) return;
  const e = decayed(p.rules.assignmentExpression(p));
  const type = qualified(unqualified(e.type), specifiers.type);
  const symbol = declareVariable(p, specifiers, nameToken, type, d.annotations);
  storageAttributes(p, specifiers, symbol, nameToken);
  const value: Initializer = { kind: 'expression', value: e };
  if (symbol.duration === 'static' && !isStaticInitializer(value)) notConstant(p, value);
  const { first } = specifiers;
  defineVariable(p, specifiers, symbol, {
    kind: 'variable-declaration',
    first,
    last: p.previous,
    symbol,
    nameToken,
    initializer: value,
  });
}

/** What attributes say about where a variable lives. */
function storageAttributes(p: Parser, specifiers: Specifiers, symbol: VariableSymbol, nameToken: Token): void {
  const { alignment, isSelectAny, isThreadLocal, deprecated, section } = specifiers;
  if (alignment > (symbol.alignment ?? alignOf(symbol.type))) symbol.alignment = alignment;
  if (deprecated !== undefined) symbol.deprecated = deprecated;
  if (section !== undefined) symbol.section = section;
  if (specifiers.storage === 'register') symbol.isRegister = true;
  if (isSelectAny) {
    symbol.isSelectAny = true;
    if (symbol.linkage !== 'external') {
      const text = `'selectany' is for variables that other files see; '${symbol.name}' is none.`;
      report(p, 'error', 'bad-attribute', text, place(nameToken));
    }
  }
  if (!isThreadLocal) return;
  symbol.isThreadLocal = true;
  const text =
    symbol.duration === 'automatic'
      ? `A variable of each thread must be static; '${symbol.name}' is not.`
      : `'${symbol.name}' belongs to each thread, but Windows sets up no such variables for drivers.`;
  const isWrong = symbol.duration === 'automatic';
  report(p, isWrong ? 'error' : 'warning', isWrong ? 'bad-attribute' : 'thread-local', text, place(nameToken));
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
  placeInSegment(p, symbol, node);
  if (type.kind === 'array' && type.length === 0 && node.initializer === undefined) {
    report(p, 'error', 'zero-length-array', `The array '${symbol.name}' has no elements.`, place(node.nameToken));
  }
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

/**
 * Structures that were to be completed after a variable and never were. Said at the end of the unit; where headers were
 * not found, the structure may stand in one of them.
 */
export function reportNeverCompleted(p: Parser, declarations: readonly DeclarationNode[]): void {
  if (p.names.missing.length > 0) return;
  for (const node of declarations) {
    if (node.kind !== 'variable-declaration' || node.symbol.definition !== node) continue;
    const { name, type, linkage } = node.symbol;
    if (type.kind !== 'record' || linkage !== 'external' || isComplete(type) || p.isSystemFile(node.nameToken.file)) {
      continue;
    }
    const text = `'${name}' has the type '${typeText(type)}', which is never completed, so that its size is not known.`;
    report(p, 'error', 'incomplete-type', text, place(node.nameToken));
  }
}

/** The section of `#pragma data_seg` and its like, unless the variable has one of its own. */
function placeInSegment(p: Parser, symbol: VariableSymbol, node: VariableDeclaration): void {
  if (symbol.duration !== 'static' || symbol.section !== undefined) return;
  const { data_seg, bss_seg, const_seg } = p.pragma.segments;
  const segment = symbol.type.isConst ? const_seg : node.initializer === undefined ? bss_seg : data_seg;
  if (segment.section !== undefined) symbol.section = segment.section;
}

/** A size in it is a guess, because something that it counts could not be read. */
function dependsOnGuess(e: Expression): boolean {
  return someNode(e, (node) => {
    if (node.kind === 'sizeof') return isGuess(node.ofType);
    return node.kind === 'member' && (isGuess(node.object.type) || isGuess(pointee(node.object.type) ?? INT));
  });
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
  if (hasError(e)) return;
  const text = 'The condition of a static assertion must be a constant.';
  if (value === undefined) errorAt(p, 'not-constant', whyNotConstant(e) ?? text, e);
  else if (value === 0n && !dependsOnGuess(e))
    errorAt(p, 'static-assert', `The static assertion fails${message === '' ? '' : `: ${message}`}.`, e);
}

function notConstant(p: Parser, value: Initializer): void {
  if (value.kind === 'expression' && dependsOnGuess(value.value)) return;
  const text = "A variable at file scope or with 'static' must be initialised by a constant.";
  if (value.kind === 'expression') errorAt(p, 'not-constant', whyNotConstant(value.value) ?? text, value.value);
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
  if (!startsLine(p, token) || token.kind !== 'identifier' || !startsDeclaration(p, token)) return false;
  const next = peek(p, 1);
  return next.kind === 'identifier' || next.text === '*' || next.text === '(';
}
