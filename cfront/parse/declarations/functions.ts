/**
 * function-definition: the head is read already; here come old-style parameter declarations and the body.
 *
 * The end of the body is worked out before it is read (see findBodyEnd), so that whatever is wrong inside stays inside.
 */
import { lineBreakOf } from '../../../base/source.ts';
import { place, type Token } from '../../tokenize/token.ts';
import { ERROR, INT } from '../../types/make.ts';
import { isComplete } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { FunctionParameter, FunctionType } from '../../types/types.ts';
import type { CompoundStatement, FunctionDefinition, VariableSymbol } from '../ast.ts';
import { type BrokenBodyStart, brokenBodyStart, findBodyEnd } from '../mistakes/body-end.ts';
import { expect, report, tokenText } from '../mistakes/problems.ts';
import { declareName, type Scope } from '../scopes.ts';
import { accept, advance, at, type FunctionContext, isDeclarationBroken, type Parser } from '../state.ts';
import { type BodyHead, beginBody, endBody, keptPlace } from '../trail.ts';
import { someNode, type TreeNode } from '../walk.ts';
import type { FunctionHead } from './declarations.ts';
import { declarator } from './declarators.ts';
import { functionSymbol, reportRedefinition } from './entities.ts';
import { adjustedParameterType, parameterSymbol } from './parameters.ts';
import { declarationSpecifiers } from './specifiers.ts';
import { startsDeclaration } from './type-start.ts';
import { annotatedFunction, joinAnnotations } from './typedefs.ts';

/** Says that the `{` of a body is missing, or what stands before it by mistake, which is passed over. */
function missingBrace(p: Parser, name: string, broken: BrokenBodyStart | undefined): void {
  const first = p.token;
  const before = place(p.previous);
  for (let i = 0; i < (broken?.junk ?? 0); i++) advance(p);
  const message = `Expected '{' to begin the body of '${name}', found ${tokenText(first)}.`;
  const span = p.token === first ? { ...before, start: Math.max(before.start, before.end - 1) } : place(first);
  const junk = { file: span.file, start: before.end, end: place(p.previous).end };
  const fix =
    broken === undefined
      ? {}
      : at(p, '{')
        ? { fix: { title: `Remove '${first.text.slice(0, 40)}'`, edits: [{ span: junk, newText: '' }] } }
        : { fix: { title: "Insert '{'", edits: [{ span: junk, newText: `${lineBreakOf(junk.file)}{` }] } };
  report(p, 'error', 'expected-token', message, span, fix);
  p.errorIndex = p.index;
}

/** [ declaration-list ] compound-statement */
export function functionDefinition(p: Parser, head: FunctionHead): void {
  const { specifiers, declarator: d } = head;
  const nameToken = d.nameToken as Token;
  const list = d.parameters as NonNullable<typeof d.parameters>;
  let type: FunctionType = head.type;
  let parameters: readonly VariableSymbol[] = list.symbols;
  if (list.identifiers.length > 0) {
    parameters = oldStyleParameters(p, head);
    type = {
      ...type,
      parameters: parameters.map((symbol, i) => asParameter(p, symbol, list.identifiers[i] ?? nameToken)),
    };
  }
  const annotations = joinAnnotations(specifiers.annotations, d.annotations);
  const declared = annotatedFunction(type, annotations);
  const symbol = functionSymbol(p, { specifiers, declarator: d, nameToken, type: declared, annotations });
  if (symbol.definition !== undefined) {
    reportRedefinition(p, nameToken, symbol.definition, `The function '${symbol.name}' is defined already.`);
  }
  checkHead(p, type, parameters, nameToken);
  const isHeadBroken = isDeclarationBroken(p);
  if (isHeadBroken && symbol.declarations.length === 0) symbol.isHeadBroken = true;
  const broken = at(p, '{') ? undefined : brokenBodyStart(p);
  if (!at(p, '{')) missingBrace(p, symbol.name, broken);
  if (!at(p, '{') && broken?.end === undefined) return;
  const section = specifiers.section ?? p.pragma.segments.code_seg.section;
  const bodyHead: BodyHead = { symbol, nameToken, result: type.result, hasType: specifiers.hasType };
  // The body's outermost declarations share the parameters' scope (C11 6.2.1p4), which is no prototype's any more.
  const scope: Scope = { ...list.scope, isPrototype: false };
  const isMain = p.token.file === p.names.main;
  const isWhole =
    p.trail !== undefined && isMain && !isHeadBroken && broken === undefined && list.identifiers.length === 0;
  const mark = isWhole ? beginBody(p, bodyHead, parameters, scope) : undefined;
  const { body, context } = functionBody(p, bodyHead, scope, {
    brokenHeadEnd: isHeadBroken ? p.index : undefined,
    bodyEnd: broken?.end ?? findBodyEnd(p, p.index),
  });
  const definition: FunctionDefinition = {
    kind: 'function-definition',
    first: specifiers.first,
    last: body.last,
    symbol,
    nameToken,
    parameters,
    locals: context.locals,
    body,
    annotations,
  };
  if (section !== undefined) definition.section = section;
  if (mark !== undefined) endBody(p, mark, definition, context);
  symbol.definition ??= definition;
  symbol.declarations.push(definition);
  p.sink.push(definition);
  p.functions.push(definition);
}

/** Reads the body that begins at the cursor, and what has to be said of it as a whole. */
export function functionBody(
  p: Parser,
  head: BodyHead,
  scope: Scope,
  ends: Pick<FunctionContext, 'brokenHeadEnd' | 'bodyEnd'>,
): { readonly body: CompoundStatement; readonly context: FunctionContext } {
  const context: FunctionContext = {
    symbol: head.symbol,
    result: head.result,
    locals: [],
    labels: new Map(),
    gotos: [],
    switches: [],
    unknown: new Set(),
    addressed: new Set(),
    breakables: 0,
    loops: 0,
    tries: 0,
    handlers: [],
    isUnclosed: false,
    ...ends,
  };
  const outerScope = p.scope;
  const outerSink = p.sink;
  p.function = context;
  p.scope = scope;
  p.sink = [];
  const body = p.rules.compoundStatement(p);
  checkLabels(p, context);
  checkReturn(p, head, body);
  p.function = undefined;
  p.scope = outerScope;
  p.sink = outerSink;
  return { body, context };
}

/** The declarations of an old-style definition, in the order of its names; what none declares is an int. */
function oldStyleParameters(p: Parser, head: FunctionHead): VariableSymbol[] {
  const list = head.declarator.parameters as NonNullable<typeof head.declarator.parameters>;
  const symbols = new Map<string, VariableSymbol | undefined>(list.identifiers.map((token) => [token.text, undefined]));
  while (startsDeclaration(p, p.token) && !at(p, '{')) {
    const start = p.index;
    const specifiers = declarationSpecifiers(p, 'parameter');
    do {
      const d = declarator(p, specifiers.type, 'named', specifiers);
      if (d.nameToken === undefined) break;
      const name = d.nameToken.text;
      if (!symbols.has(name)) {
        report(p, 'error', 'unknown-name', `'${name}' is not a parameter of this function.`, place(d.nameToken));
        continue;
      }
      const symbol = parameterSymbol(name, adjustedParameterType(d.type), d.annotations);
      const { nameToken } = d;
      symbol.declarations.push({
        kind: 'variable-declaration',
        first: specifiers.first,
        last: p.previous,
        symbol,
        nameToken,
        initializer: undefined,
      });
      symbols.set(name, symbol);
    } while (accept(p, ','));
    if (!expect(p, ';', 'after the declaration of a parameter') && p.index === start) break;
  }
  return list.identifiers.map((token) => {
    const symbol = symbols.get(token.text) ?? parameterSymbol(token.text, INT, []);
    declareName(list.scope, symbol);
    return symbol;
  });
}

function asParameter(p: Parser, symbol: VariableSymbol, name: Token): FunctionParameter {
  return { name: symbol.name, type: symbol.type, annotations: symbol.annotations, span: keptPlace(p, place(name)) };
}

function checkHead(p: Parser, type: FunctionType, parameters: readonly VariableSymbol[], nameToken: Token): void {
  const { result } = type;
  if (result.kind !== 'void' && result !== ERROR && !isComplete(result) && result.kind !== 'error') {
    const text = `'${nameToken.text}' returns '${typeText(result)}', whose size is not known.`;
    report(p, 'error', 'incomplete-type', text, place(nameToken));
  }
  for (const parameter of parameters) {
    if (parameter.type.kind === 'error' || isComplete(parameter.type)) continue;
    const node = parameter.declarations[0];
    const text = `The parameter '${parameter.name}' has the type '${typeText(parameter.type)}', whose size is not known.`;
    report(p, 'error', 'incomplete-type', text, place(node?.first ?? nameToken));
  }
}

/**
 * A function with a result must have a `return` (Microsoft's C4716). Said only where the body plainly runs to its end:
 * a loop, a jump, a call that does not come back or of a name that nothing declares may stand for one.
 */
function checkReturn(p: Parser, { result, hasType, nameToken }: BodyHead, body: CompoundStatement): void {
  if (result.kind === 'void' || result.kind === 'error' || !hasType) return;
  if (p.names.missing.length > 0 || /^w?main$/.test(nameToken.text)) return;
  if (someNode(body, leaves)) return;
  const text = `'${nameToken.text}' returns '${typeText(result)}', but its body has no 'return'.`;
  report(p, 'warning', 'no-return', text, place(nameToken));
}

function leaves(node: TreeNode): boolean {
  switch (node.kind) {
    case 'return':
    case 'goto':
    case 'while':
    case 'do':
    case 'for':
    case 'error':
    case 'error-declaration':
    case 'statement-expression':
      return true;
    case 'call': {
      const callee = node.callee.kind === 'decay' ? node.callee.operand : node.callee;
      if (callee.kind !== 'name' || callee.symbol.kind !== 'function') return true;
      return callee.symbol.isNoReturn || callee.symbol.declarations.length === 0;
    }
    default:
      return false;
  }
}

function checkLabels(p: Parser, context: FunctionContext): void {
  for (const { node, nameToken } of context.gotos) {
    if (context.labels.has(node.label)) continue;
    report(p, 'error', 'unknown-label', `There is no label '${node.label}' in this function.`, place(nameToken));
  }
}
