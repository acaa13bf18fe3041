/**
 * Symbols: one per entity, shared by its redeclarations, its definition and its uses.
 *
 * Functions and variables with linkage are found again by name wherever they were declared. What two declarations say
 * differently is reported; both keep working, with the type that knows more.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { compatible, compatibleUnqualified, composite, functionsFit } from '../../types/compatible.ts';
import { INT } from '../../types/make.ts';
import { typeText } from '../../types/text.ts';
import type { CType, FunctionType } from '../../types/types.ts';
import type {
  Annotation,
  CSymbol,
  DeclarationNode,
  FunctionDeclaration,
  FunctionSymbol,
  VariableSymbol,
} from '../ast.ts';
import { report } from '../mistakes/problems.ts';
import { declareName } from '../scopes.ts';
import { isDeclarationBroken, type Parser } from '../state.ts';
import { noteChange } from '../trail.ts';
import type { Declarator } from './declarators.ts';
import type { Specifiers } from './specifiers.ts';

export interface FunctionRequest {
  readonly specifiers: Specifiers;
  readonly declarator: Declarator;
  readonly nameToken: Token;
  readonly type: FunctionType;
  readonly annotations: readonly Annotation[];
}

/** Declares a function without a body: finds or makes its symbol and adds the node. */
export function declareFunction(p: Parser, request: FunctionRequest): FunctionSymbol {
  const symbol = functionSymbol(p, request);
  const { specifiers, nameToken, annotations } = request;
  const node: FunctionDeclaration = {
    kind: 'function-declaration',
    first: specifiers.first,
    last: p.previous,
    symbol,
    nameToken,
    annotations,
  };
  symbol.declarations.push(node);
  p.sink.push(node);
  return symbol;
}

/** The symbol of a function that is declared here, with what this declaration adds. */
export function functionSymbol(p: Parser, request: FunctionRequest): FunctionSymbol {
  const { specifiers, nameToken, type, annotations } = request;
  const name = nameToken.text;
  const previous = p.linked.get(name) ?? p.scope.names?.get(name);
  // A role type gives the function its annotations and parameters' annotations.
  const roleType = request.declarator.parameters === undefined ? type.alias : undefined;
  if (previous?.kind !== 'function') {
    // `ROLE Name;` with ROLE unknown was taken for a variable; the definition knows better.
    const isGuess = previous?.kind === 'variable' && previous.type.kind === 'error';
    if (previous !== undefined && !isGuess) reportOtherKind(p, nameToken, previous);
    const symbol: FunctionSymbol = {
      kind: 'function',
      name,
      declarations: [],
      type,
      linkage: specifiers.storage === 'static' ? 'internal' : 'external',
      definition: undefined,
      annotations: type.annotations.length > 0 ? type.annotations : annotations,
      roleType,
      isInline: specifiers.isInline,
      isNoReturn: specifiers.isNoReturn,
    };
    if (previous?.kind === 'typedef') return symbol;
    p.linked.set(name, symbol);
    declareName(p.scope, symbol);
    return symbol;
  }
  const symbol = previous;
  noteChange(p, symbol);
  // A head that could not be read says nothing against what was declared before.
  if (p.function === undefined && isDeclarationBroken(p)) return symbol;
  checkFunctionTypes(p, symbol, type, nameToken);
  symbol.annotations = mergeAnnotations(symbol.annotations, mergeAnnotations(type.annotations, annotations));
  const merged = composite(symbol.type, type);
  symbol.type = mergeFunctions(symbol.type, merged.kind === 'function' ? merged : type, symbol.annotations);
  symbol.roleType ??= roleType;
  symbol.isInline ||= specifiers.isInline;
  symbol.isNoReturn ||= specifiers.isNoReturn;
  if (specifiers.storage === 'static') symbol.linkage = 'internal';
  if (p.scope.names?.get(name) !== symbol) declareName(p.scope, symbol);
  return symbol;
}

/** Declares a variable: the symbol of an earlier declaration where both mean the same object, else a new one. */
export function declareVariable(
  p: Parser,
  specifiers: Specifiers,
  nameToken: Token,
  type: CType,
  annotations: readonly Annotation[],
): VariableSymbol {
  const name = nameToken.text;
  const isFileScope = p.function === undefined;
  const isExtern = specifiers.storage === 'extern';
  const hasLinkage = isFileScope || isExtern;
  const previous = hasLinkage ? (p.linked.get(name) ?? p.scope.names?.get(name)) : p.scope.names?.get(name);
  if (previous !== undefined) {
    if (hasLinkage && previous.kind === 'variable' && previous.linkage !== 'none') {
      noteChange(p, previous);
      mergeVariable(p, previous, nameToken, type);
      if (isFileScope && specifiers.storage === 'static' && previous.linkage === 'external') {
        previous.linkage = 'internal';
        const text = `'${name}' is extern before and static here; Microsoft's compiler takes it for static.`;
        report(p, 'warning', 'extern-to-static', text, place(nameToken));
      }
      if (p.scope.names?.get(name) !== previous) declareName(p.scope, previous);
      return previous;
    }
    if (previous.kind === 'variable' && !hasLinkage) {
      if (type.kind !== 'error')
        reportRedefinition(p, nameToken, previous.declarations[0], `'${name}' is declared already in this block.`);
    } else if (type.kind !== 'error') reportOtherKind(p, nameToken, previous);
  }
  const isStatic = specifiers.storage === 'static';
  const symbol: VariableSymbol = {
    kind: 'variable',
    name,
    declarations: [],
    type,
    linkage: hasLinkage ? (isStatic ? 'internal' : 'external') : 'none',
    duration: isFileScope || isExtern || isStatic ? 'static' : 'automatic',
    isParameter: false,
    definition: undefined,
    isAddressTaken: type.kind === 'array' || type.kind === 'record',
    annotations,
  };
  if (p.function !== undefined && !isExtern) p.function.locals.push(symbol);
  // A type stays one after a wrong declaration: all that follows is read by it.
  if (previous?.kind === 'typedef') return symbol;
  if (hasLinkage) p.linked.set(name, symbol);
  declareName(p.scope, symbol);
  return symbol;
}

export function reportRedefinition(
  p: Parser,
  nameToken: Token,
  first: DeclarationNode | Token | undefined,
  message: string,
): void {
  const at = first === undefined ? undefined : 'kind' in first && 'text' in first ? first : nameOf(first);
  const related = at === undefined ? [] : [{ span: place(at), message: 'It is declared here first.' }];
  report(p, 'error', 'redefinition', message, place(nameToken), { related });
}

/** The token that names what a node declares. */
function nameOf(node: DeclarationNode): Token {
  return 'nameToken' in node && node.nameToken !== undefined ? node.nameToken : node.first;
}

function reportOtherKind(p: Parser, nameToken: Token, previous: CSymbol): void {
  const kinds = { variable: 'a variable', function: 'a function', typedef: 'a type', 'enum-constant': 'a constant' };
  const text = `'${nameToken.text}' is declared already as ${kinds[previous.kind]}.`;
  reportRedefinition(p, nameToken, previous.declarations[0], text);
}

function mergeVariable(p: Parser, symbol: VariableSymbol, nameToken: Token, type: CType): void {
  if (!compatible(symbol.type, type)) {
    const text = `'${symbol.name}' is declared as '${typeText(type)}' here and as '${typeText(symbol.type)}' before.`;
    const first = symbol.declarations[0];
    const related = first === undefined ? [] : [{ span: place(nameOf(first)), message: 'It is declared here first.' }];
    // Microsoft's compiler lets a qualifier come and go.
    const isQualifier = compatibleUnqualified(symbol.type, type);
    report(p, isQualifier ? 'warning' : 'error', 'conflicting-types', text, place(nameToken), { related });
    return;
  }
  symbol.type = composite(symbol.type, type);
}

/** Another result or number of parameters is an error, another type of a parameter a warning. */
function checkFunctionTypes(p: Parser, symbol: FunctionSymbol, type: FunctionType, nameToken: Token): void {
  const old = symbol.type;
  if (functionsFit(old, type)) return;
  const first = symbol.declarations[0];
  const related = first === undefined ? [] : [{ span: place(nameOf(first)), message: 'It is declared here first.' }];
  const span = place(nameToken);
  // Called before it was declared: the call was reported, and this declaration is right.
  if (first === undefined) return;
  const sameResult = compatible(old.result, type.result);
  const sameCount = old.parameters.length === type.parameters.length && old.isVariadic === type.isVariadic;
  if (sameResult && (sameCount || !old.hasPrototype || !type.hasPrototype)) {
    const i = old.parameters.findIndex((parameter, k) => {
      const other = type.parameters[k];
      return other !== undefined && !compatibleUnqualified(parameter.type, other.type);
    });
    const a = type.parameters[i];
    const b = old.parameters[i];
    const which =
      a === undefined || b === undefined
        ? 'a parameter'
        : `parameter ${i + 1} as '${typeText(a.type)}', before as '${typeText(b.type)}'`;
    report(p, 'warning', 'parameter-mismatch', `'${symbol.name}' is declared with ${which}.`, span, { related });
    return;
  }
  const text = sameResult
    ? `'${symbol.name}' has ${type.parameters.length} parameters here and ${old.parameters.length} before.`
    : `'${symbol.name}' returns '${typeText(type.result)}' here and '${typeText(old.result)}' before.`;
  report(p, 'error', 'conflicting-types', text, span, { related });
}

/** The newer prototype, with the annotations of both; parameters without annotations keep the older ones. */
function mergeFunctions(older: FunctionType, newer: FunctionType, annotations: readonly Annotation[]): FunctionType {
  if (!newer.hasPrototype && older.hasPrototype && older.result !== INT) return { ...older, annotations };
  if (older.parameters.length !== newer.parameters.length) return { ...newer, annotations };
  const parameters = newer.parameters.map((parameter, i) => {
    const old = older.parameters[i];
    if (old === undefined || old.annotations.length === 0) return parameter;
    return parameter.annotations.length > 0 ? parameter : { ...parameter, annotations: old.annotations };
  });
  return { ...newer, parameters, annotations };
}

/** Both lists, without those of the second that repeat one of the first word for word. */
function mergeAnnotations(a: readonly Annotation[], b: readonly Annotation[]): readonly Annotation[] {
  if (a.length === 0 || a === b) return b;
  if (b.length === 0) return a;
  const known = new Set(a.map(annotationText));
  const added = b.filter((annotation) => !known.has(annotationText(annotation)));
  return added.length === 0 ? a : [...a, ...added];
}

export function annotationText(annotation: Annotation): string {
  if (annotation.arguments.length === 0) return annotation.name;
  const args = annotation.arguments.map((tokens) => tokens.map((token) => token.text).join(' '));
  return `${annotation.name}(${args.join(', ')})`;
}
