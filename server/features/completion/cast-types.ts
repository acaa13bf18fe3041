/**
 * The type in the parentheses of a cast whose operand stands behind them already, as in `socket = ()irp->…`: that of the
 * table where the operand is a socket's Dispatch, otherwise that of the place.
 */
import { typeText } from '../../../cfront/types/text.ts';
import type { Analysis } from '../analysis.ts';
import { lastCodeBefore } from '../places/brackets.ts';
import { expectedAt, isGrouping } from './expected-at.ts';
import { type CompletionItem, ranks } from './item.ts';
import { categoryOfFunction, tableName } from './socket-category.ts';

const operandMax = 200;

/** Undefined where no cast is being written. */
export function castTypeItems(analysis: Analysis, wordStart: number): readonly CompletionItem[] | undefined {
  const { text } = analysis.unit.file;
  const open = lastCodeBefore(text, wordStart);
  const operand = /^\w*\)\s*(&?[A-Za-z_][\w.]*(?:->[\w.]+)*)/.exec(text.slice(wordStart, wordStart + operandMax))?.[1];
  if (text[open] !== '(' || operand === undefined || !isGrouping(text, open)) return undefined;
  if (/->\s*Dispatch$/.test(operand)) return tables(analysis, wordStart);
  const type = expectedAt(analysis, open)?.type;
  if (type?.kind !== 'pointer') return undefined;
  return [{ label: typeText(type), kind: 'type', detail: '', rank: ranks.fitting }];
}

function tables(analysis: Analysis, offset: number): readonly CompletionItem[] {
  const likely = categoryOfFunction(analysis, offset);
  const all = new Set([
    ...(likely === undefined ? [] : [likely]),
    ...(['connection', 'listen', 'datagram', 'stream', 'basic'] as const),
  ]);
  return [...all].map((category, i) => {
    const name = tableName('PROVIDER', category);
    return {
      label: `const ${name} *`,
      kind: 'type',
      detail: '',
      rank: ranks.fitting + i,
      filterText: name,
      api: { name },
    };
  });
}
