/** Places that lie over each other, or may: which bytes of two places are the same ones. */
import { isSameRoot, makePlace, type Place, type Step } from '../values/values.ts';
import type { Cell } from './state.ts';

/** Elements of one array are the same or apart, so different indexes count as equal: what follows decides. */
export function mayOverlap(a: readonly Step[], sizeA: number, b: readonly Step[], sizeB: number): boolean {
  let startA = 0;
  let startB = 0;
  for (let i = 0, j = 0; ; ) {
    const stepA = a[i];
    const stepB = b[j];
    if (stepA?.kind === 'offset') {
      startA = stepA.bytes;
      i++;
    } else if (stepB?.kind === 'offset') {
      startB = stepB.bytes;
      j++;
    } else if (stepA === undefined && stepB === undefined) {
      return (sizeA === 0 || startB < startA + sizeA) && startA < startB + sizeB;
    } else if (stepA === undefined || stepB === undefined) {
      // An array begins at its start: what ends before is apart from it.
      if (stepA === undefined) return sizeA === 0 || startA + sizeA > startB;
      return startB + sizeB > startA;
    } else {
      if (startA !== startB || stepA.size !== stepB.size) return true;
      startA = startB = 0;
      i++;
      j++;
    }
  }
}

/** The steps from `source` to a cell that lies within `size` bytes of it. */
export function relative(
  source: Place,
  cell: Cell,
  size: number,
): readonly { readonly steps: readonly Step[]; readonly cell: Cell }[] {
  if (!isSameRoot(cell.place.root, source.root)) return [];
  const [base, ...more] = [...source.steps];
  const start = base?.kind === 'offset' ? base.bytes : 0;
  if (more.length > 0 || base?.kind === 'index') return [];
  const [first, ...rest] = cell.place.steps;
  const at = first?.kind === 'offset' ? first.bytes : 0;
  const offset = at - start;
  if (offset < 0 || offset >= size) return [];
  const tail = first?.kind === 'index' ? [first, ...rest] : rest;
  return [{ steps: [{ kind: 'offset', bytes: offset }, ...tail], cell }];
}

export function append(place: Place, step: Step): Place {
  if (step.kind === 'index') return makePlace(place.root, [...place.steps, step]);
  const last = place.steps.at(-1);
  const before = last?.kind === 'offset' ? place.steps.slice(0, -1) : place.steps;
  const bytes = step.bytes + (last?.kind === 'offset' ? last.bytes : 0);
  return makePlace(place.root, bytes === 0 ? before : [...before, { kind: 'offset', bytes }]);
}
