/**
 * Work in pieces: it stops between two of them, so that whoever does it may let others in, and gives its result with the
 * last one. Nothing of it is done that nobody asks for, and who lets go of it between two pieces leaves nothing half done.
 */
export type InPieces<Result> = Generator<undefined, Result>;

export function toEnd<Result>(work: InPieces<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** At least one piece, until time is up; undefined where something is left. */
export function advanced<Result>(
  work: InPieces<Result>,
  isTimeUp: () => boolean,
): { readonly result: Result } | undefined {
  do {
    const step = work.next();
    if (step.done === true) return { result: step.value };
  } while (!isTimeUp());
  return undefined;
}
