/**
 * Reads of a program's memory, and those that read the same bytes again for the same request: the program may have changed
 * them in between, so what was checked first is not what is used then (a double fetch).
 *
 * Reads are remembered for the dispatch routine under way; two statements must be involved, because one statement that
 * reads its bytes in pieces, or in a loop, reads each of them once.
 */
import type { Span } from '../../../base/source.ts';
import type { UserAccess } from '../../machine/machine-types.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';

interface Fetch {
  readonly start: bigint;
  readonly end: bigint;
  readonly span: Span | undefined;
  readonly statements: number;
}

export interface FetchState {
  /** Number of the dispatch routine whose reads these are. */
  dispatch: number;
  fetches: Fetch[];
}

/** Reads that are remembered of one request. */
const fetchesMax = 500;

export function noteFetch(kernel: Kernel, access: UserAccess, place: Span | undefined): void {
  const dispatch = kernel.parts.io.dispatches.findLast(({ threadId }) => threadId === kernel.current?.id);
  if (access.access !== 'read' || dispatch === undefined) return;
  const { fetches: state } = kernel.parts.userMemory;
  if (state.dispatch !== dispatch.number) Object.assign(state, { dispatch: dispatch.number, fetches: [] });
  const start: bigint = access.address;
  const end = start + BigInt(access.size);
  const span = place ?? currentSpan(kernel);
  const { statements } = kernel.machine;
  const earlier = state.fetches.find(
    (one) => one.start < end && start < one.end && one.statements !== statements && !isSame(one.span, span),
  );
  if (state.fetches.length < fetchesMax) state.fetches.push({ start, end, span, statements });
  if (earlier === undefined) return;
  kernel.report({
    rule: 'double-fetch',
    severity: 'warning',
    span,
    message: `Reads ${describeAddress(kernel, access.address)} a second time in one request: the program may change it between the two reads, so that a check of the first value says nothing of the second. Copy the data once and use the copy.`,
    also: ['DoubleFetch'],
    history: [{ what: 'read here first', span: earlier.span, statements: earlier.statements }],
  });
}

function isSame(a: Span | undefined, b: Span | undefined): boolean {
  return a !== undefined && b !== undefined && a.file === b.file && a.start === b.start;
}
