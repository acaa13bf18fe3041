/**
 * Functions of a socket behind `Socket->Dispatch->`: Dispatch is a `const VOID *`, so that what is chosen brings the
 * cast to the provider table along. Where the socket's category is known, it is that category's table.
 */
import type { SocketCategory } from '../../../catalog/model.ts';
import { namedFields } from '../../../cfront/types/fields.ts';
import type { Analysis } from '../analysis.ts';
import { lastCodeBefore } from '../places/brackets.ts';
import { recordOf } from '../places/initializer-at.ts';
import { fieldItems } from './fields.ts';
import type { CompletionItem } from './item.ts';
import { categoryOfFunction, categoryOfSocket, tableName } from './socket-category.ts';

const all: readonly SocketCategory[] = ['basic', 'connection', 'listen', 'datagram', 'stream'];

/** `operator` is the offset of the `->` behind `Dispatch`. Undefined where that is no socket's. */
export function socketMemberItems(analysis: Analysis, operator: number): readonly CompletionItem[] | undefined {
  const { file } = analysis.unit;
  const path = /((?:[\w.]|->|\[\w*\])+?)\s*->\s*Dispatch\s*$/.exec(
    file.text.slice(Math.max(0, operator - 200), operator),
  );
  const socket = path?.[1];
  if (path === null || socket === undefined) return undefined;
  const start = Math.max(0, operator - 200) + path.index;
  const end = lastCodeBefore(file.text, operator) + 1;
  const category = categoryOfSocket(analysis, socket);
  // What the function speaks of is a guess: its table comes first, the others stay.
  const likely = categoryOfFunction(analysis, operator);
  const found = new Map<string, CompletionItem>();
  for (const one of category === undefined ? new Set(likely === undefined ? all : [likely, ...all]) : [category]) {
    const table = tableName('PROVIDER', one);
    const symbol = analysis.unit.symbols.get(table);
    const record = symbol?.kind === 'typedef' ? recordOf(symbol.type) : undefined;
    if (record === undefined || namedFields(record).length === 0) continue;
    const edits = [
      { span: { file, start, end: start }, newText: `((const ${table} *)` },
      { span: { file, start: end, end }, newText: ')' },
    ];
    for (const item of fieldItems(analysis, record)) {
      if (found.has(item.label)) continue;
      found.set(item.label, { ...item, detail: `${table}: ${item.detail}`, rank: found.size, edits });
    }
  }
  return [...found.values()];
}
