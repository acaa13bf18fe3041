/**
 * Names of headers, and the way from a name to a file.
 *
 * In: the tokens behind `#include`. Out: the name and its form; from them, what the host's `include` function finds.
 * Trace headers (`x.tmh`) are made by a tool at build time, so a missing one is answered by a bundled stub.
 */
import type { SourceFile } from '../../base/source.ts';
import type { Token } from '../tokenize/token.ts';
import type { IncludeRequest, IncludeResult } from '../unit.ts';
import { textOf } from './paste.ts';
import type { State } from './state.ts';

export type HeaderName = Pick<IncludeRequest, 'name' | 'form'>;

/** The bundled header that stands for every trace header which is not there. */
const traceStub: HeaderName = { name: 'wsk_tmh_stub.h', form: 'angled' };

/** `"x.h"` and `<x.h>`, as one token or as several; undefined for anything else or an empty name. */
export function headerNameOf(tokens: readonly Token[]): HeaderName | undefined {
  const first = tokens[0];
  if (first === undefined) return undefined;
  const text = first.kind === 'string' ? first.text : textOf(tokens);
  const match = /^(?:"([^"]+)"|<([^>]+)>)/.exec(text);
  if (match === null) return undefined;
  const name = match[1] ?? match[2];
  return name === undefined ? undefined : { name, form: match[1] === undefined ? 'angled' : 'quoted' };
}

/** The header is a trace header, and what was found is the stub for it. */
export function isTraceStub(header: HeaderName, file: SourceFile): boolean {
  return /\.tmh$/i.test(header.name) && file.path.endsWith(traceStub.name);
}

export function findHeader(state: State, header: HeaderName, from: SourceFile): IncludeResult {
  const result = ask(state, { ...header, from, ...openersOf(state, header, from) });
  if (result.kind === 'found' || !/\.tmh$/i.test(header.name)) return result;
  const stub = ask(state, { ...traceStub, from });
  return stub.kind === 'found' ? { ...stub, isSystem: true } : result;
}

/** Microsoft's compiler looks for `"x.h"` beside all files that are open; a bundled header needs nothing from there. */
function openersOf(state: State, header: HeaderName, from: SourceFile): Pick<IncludeRequest, 'openers'> {
  const inner = state.frames.length - 1;
  if (inner < 1 || header.form === 'angled' || state.systemFiles.has(from)) return {};
  return { openers: state.frames.slice(0, inner).map((frame) => frame.tokenized.file.path) };
}

/** The question as it is asked where other files are open: the first `count` of them. */
export function askedBehind(frames: State['frames'], count: number, request: IncludeRequest): IncludeRequest {
  const { openers } = request;
  if (openers === undefined) return request;
  const now = frames.slice(0, count).map(({ tokenized }) => tokenized.file.path);
  if (now.every((path, i) => path === openers[i])) return request;
  return { ...request, openers: [...now, ...openers.slice(count)] };
}

/** Keeps the answer beside the question: a shared header is asked again. */
function ask(state: State, request: IncludeRequest): IncludeResult {
  const result = state.options.include(request);
  state.chain?.requests.push({ request, result });
  return result;
}
