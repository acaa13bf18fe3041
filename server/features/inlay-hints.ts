/**
 * Inlay hints: names of the parameters in the long calls of WSK, whose arguments are mostly NULL and zero, and at the
 * head of a function the IRQL at which it runs, as its annotations or the callback that it implements say.
 */
import type { CallExpression, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { nodePlace, walk } from '../../cfront/parse/walk.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { functionIrql } from './driver/function-irql.ts';
import { apiOfCall, functionTypeOf } from './places/api-at.ts';
import { lastCodeBefore } from './places/brackets.ts';

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
  const text = functionIrql(analysis, symbol)?.text;
  if (text === undefined) return [];
  return [{ offset: lastCodeBefore(file.text, start) + 1, text, kind: 'irql' }];
}
