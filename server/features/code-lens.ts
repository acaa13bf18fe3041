/**
 * Code lenses: above DriverEntry the way to run the driver, above a completion routine the calls whose IRPs complete in
 * it, above nothing else.
 */
import { distinctSpans, type Span } from '../../base/source.ts';
import type { FunctionSymbol } from '../../cfront/parse/ast.ts';
import { nodePlace } from '../../cfront/parse/walk.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { callGraph, sendName } from './calls/call-graph.ts';
import { entityKey } from './names/entity.ts';

export type CodeLens =
  | { readonly kind: 'run'; readonly span: Span; readonly title: string }
  | { readonly kind: 'completions'; readonly span: Span; readonly title: string; readonly sends: readonly Span[] };

/** `others`: units of other files, which may send what completes here. */
export function codeLenses(analysis: Analysis, others: readonly Analysis[] = []): readonly CodeLens[] {
  const { unit } = analysis;
  const sends = sendsByRoutine([analysis, ...others]);
  return unit.functions.flatMap(({ symbol, nameToken }): CodeLens[] => {
    const span = place(nameToken);
    if (span.file !== unit.file) return [];
    if (symbol.name === 'DriverEntry') return [{ kind: 'run', span, title: 'Run on the emulator' }];
    const own = sends.get(keyOf(symbol));
    return own === undefined ? [] : [{ kind: 'completions', span, ...own }];
  });
}

interface Sends {
  readonly title: string;
  readonly sends: readonly Span[];
}

function sendsByRoutine(analyses: readonly Analysis[]): ReadonlyMap<string, Sends> {
  const found = new Map<string, { names: Set<string>; sends: Span[] }>();
  for (const { send, routine } of callGraph(analyses).completions) {
    const own = found.get(keyOf(routine)) ?? { names: new Set(), sends: [] };
    own.names.add(sendName(send));
    own.sends.push(nodePlace(send.call));
    found.set(keyOf(routine), own);
  }
  return new Map(
    [...found].map(([key, own]) => {
      const sends = distinctSpans(own.sends);
      const count = sends.length === 1 ? '1 IRP completes' : `${sends.length} IRPs complete`;
      return [key, { title: `${count} here: from ${list([...own.names])}`, sends }];
    }),
  );
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function keyOf(symbol: FunctionSymbol): string {
  return entityKey({ kind: 'symbol', symbol });
}
