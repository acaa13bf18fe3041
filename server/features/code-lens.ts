/**
 * Code lenses: above DriverEntry the way to run the driver, above a completion routine the calls whose IRPs complete in
 * it, above nothing else.
 */
import { distinctSpans, type Span } from '../../base/source.ts';
import { nodePlace } from '../../cfront/parse/walk.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { callGraph, sendName } from './calls/call-graph.ts';
import { entityKey } from './names/entity.ts';

export type CodeLens =
  | { readonly kind: 'run'; readonly span: Span; readonly title: string }
  | { readonly kind: 'completions'; readonly span: Span; readonly title: string; readonly sends: readonly Span[] };

/** Calls whose IRPs complete in a routine, by the routine's key. */
export type CompletionSends = ReadonlyMap<string, readonly { readonly name: string; readonly span: Span }[]>;

export function codeLenses(analysis: Analysis, sends = completionSends([analysis])): readonly CodeLens[] {
  const { unit } = analysis;
  return unit.functions.flatMap(({ symbol, nameToken }): CodeLens[] => {
    const span = place(nameToken);
    if (span.file !== unit.file) return [];
    if (symbol.name === 'DriverEntry') return [{ kind: 'run', span, title: 'Run on the emulator' }];
    const own = sends.get(entityKey({ kind: 'symbol', symbol }));
    return own === undefined || own.length === 0 ? [] : [completionsLens(span, own)];
  });
}

function completionsLens(span: Span, own: readonly { readonly name: string; readonly span: Span }[]): CodeLens {
  const sends = distinctSpans(own.map((send) => send.span));
  const count = sends.length === 1 ? '1 IRP completes' : `${sends.length} IRPs complete`;
  const names = new Set(own.map(({ name }) => name));
  return { kind: 'completions', span, title: `${count} here: from ${list([...names])}`, sends };
}

/** `analyses`: of all units that may set routines or send IRPs for them. */
export function completionSends(analyses: readonly Analysis[]): CompletionSends {
  const found = new Map<string, { readonly name: string; readonly span: Span }[]>();
  for (const { send, routine } of callGraph(analyses).completions) {
    const key = entityKey({ kind: 'symbol', symbol: routine });
    const own = found.get(key) ?? [];
    own.push({ name: sendName(send), span: nodePlace(send.call) });
    found.set(key, own);
  }
  return found;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
