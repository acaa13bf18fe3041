/**
 * Inlay hints: names of the parameters in the long calls of WSK, whose arguments are mostly NULL and zero, and at the
 * head of a function the IRQL at which it runs, as its annotations or the callback that it implements say.
 */
import type { CallExpression, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { nodePlace, walk } from '../../cfront/parse/walk.ts';
import { place, type Token } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { apiOfCall, functionTypeOf } from './api-at.ts';
import { irqlText } from './api-markdown.ts';
import { lastCodeBefore } from './brackets.ts';
import { roleOf } from './roles.ts';

export interface InlayHint {
  readonly offset: number;
  readonly text: string;
  readonly kind: 'parameter' | 'irql';
}

/** Shorter lists are read without help. */
const parametersMin = 5;

/** For the part of the file that is seen, from `start` to `end`. */
export function inlayHints(analysis: Analysis, start: number, end: number): readonly InlayHint[] {
  const { unit } = analysis;
  const found: InlayHint[] = [];
  for (const definition of unit.functions) {
    const span = nodePlace(definition);
    if (span.file !== unit.file || span.end < start || span.start > end) continue;
    found.push(...irqlHint(analysis, definition));
    walk(definition.body, (node) => {
      if (node.kind === 'call') found.push(...parameterHints(analysis, node));
      return true;
    });
  }
  return found.filter(({ offset }) => offset >= start && offset <= end).sort((a, b) => a.offset - b.offset);
}

function parameterHints({ unit, catalog }: Analysis, call: CallExpression): readonly InlayHint[] {
  const facts = apiOfCall(call, catalog);
  const type = functionTypeOf(call.callee.type);
  if (facts === undefined || type === undefined || !/^(?:wsk|netioddk|d4\w+)\.h$/.test(facts.header)) return [];
  if (type.parameters.length < parametersMin) return [];
  const hints = call.arguments.flatMap((argument, i): InlayHint[] => {
    const name = type.parameters[i]?.name;
    const span = nodePlace(argument);
    if (name === undefined || span.file !== unit.file) return [];
    const word = /(\w+)$/.exec(unit.file.text.slice(span.start, span.end))?.[1];
    if (word?.toLowerCase() === name.toLowerCase()) return [];
    return [{ offset: span.start, text: `${name}:`, kind: 'parameter' }];
  });
  // Of a call that a macro writes all arguments stand at one place.
  return new Set(hints.map(({ offset }) => offset)).size === hints.length ? hints : [];
}

function irqlHint(analysis: Analysis, { symbol, nameToken, body }: FunctionDefinition): readonly InlayHint[] {
  const { file, start } = nodePlace(body);
  if (file !== analysis.unit.file || place(nameToken).file !== file) return [];
  const text = annotatedIrql(symbol.annotations) ?? roleIrql(analysis, symbol);
  if (text === undefined) return [];
  return [{ offset: lastCodeBefore(file.text, start) + 1, text, kind: 'irql' }];
}

function roleIrql(analysis: Analysis, symbol: FunctionDefinition['symbol']): string | undefined {
  const irql = roleOf(analysis, symbol)?.irql;
  return irql === undefined ? undefined : `IRQL ${irqlText(irql)}`;
}

/** A level is a macro, of which people read the name. */
function written({ text, expansion }: Token): string {
  let outermost = expansion;
  while (outermost?.outer !== undefined) outermost = outermost.outer;
  return outermost?.macro ?? text;
}

/** SAL at the function, or at the role by which it is declared. */
function annotatedIrql(annotations: FunctionDefinition['annotations']): string | undefined {
  const level = (name: string): string | undefined => {
    const found = annotations.find((annotation) => annotation.name === name);
    return found?.arguments[0]?.map(written).join('');
  };
  const same = level('_IRQL_requires_');
  if (same !== undefined) return `IRQL = ${same}`;
  const min = level('_IRQL_requires_min_');
  const max = level('_IRQL_requires_max_');
  if (min !== undefined && min === max) return `IRQL = ${min}`;
  if (max === undefined) return min === undefined ? undefined : `IRQL ≥ ${min}`;
  return min === undefined ? `IRQL ≤ ${max}` : `${min} ≤ IRQL ≤ ${max}`;
}
