/**
 * What the first hovers and completions of a server make for all later ones: code that V8 compiles at its first use, parts
 * of the facts, declarations of headers that nobody has looked up. In: the first document that has its diagnostics.
 * Nothing goes out but that the answers which somebody waits for come at once. Some tens of milliseconds, once.
 */
import type { Analysis } from '../../features/analysis.ts';
import { complete } from '../../features/completion.ts';
import { hover } from '../../features/hover.ts';
import { afterRest } from './rest.ts';

/** Names of the document that are looked at, evenly over its length. */
const hovers = 40;
/** Places at which something is completed: behind names of the document. */
const completions = 4;

/** The work as somebody calls it who has published diagnostics: it is done once, when nobody is waiting. */
export function createWarmUp(work: (uri: string) => void): (uri: string) => void {
  let isDone = false;
  return (uri) => {
    if (isDone) return;
    isDone = true;
    afterRest(0, () => work(uri));
  };
}

export function warmUp(analysis: Analysis): void {
  const { text } = analysis.unit.file;
  for (const { start } of placesIn(text, hovers)) hover(analysis, start);
  for (const { end } of placesIn(text, completions)) complete(analysis, end, { trigger: 'person', headers: () => [] });
}

/** Where so many different names of the code stand, evenly over its length. */
export function placesIn(text: string, count: number): readonly { readonly start: number; readonly end: number }[] {
  const places = new Map<string, { readonly start: number; readonly end: number }>();
  for (const { 1: name, index } of text.matchAll(lexemes)) {
    if (name !== undefined && !places.has(name)) places.set(name, { start: index, end: index + name.length });
  }
  const step = Math.max(1, Math.floor(places.size / count));
  return [...places.values()].filter((_, i) => i % step === 0).slice(0, count);
}

/** Comments and strings, whose words mean nothing, and names. */
const lexemes = /\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|\b([A-Za-z_]\w{3,})/g;
