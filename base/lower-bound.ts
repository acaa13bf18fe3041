/**
 * Binary search. Items come in order: first those that `isBefore` is true of, then all others. Out comes the index of the
 * first of the others, `count` where there is none. It ends because the stretch in question gets shorter each time.
 */
export function lowerBound(count: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last of places in order that begins before the offset. */
export function lastBefore<Place extends { readonly start: number }>(
  places: readonly Place[],
  offset: number,
): Place | undefined {
  return places[lowerBound(places.length, (i) => (places[i] as Place).start < offset) - 1];
}
