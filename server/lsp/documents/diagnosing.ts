/** When documents are diagnosed: as soon as nobody types any more, and once for all that has happened until then. */
import { createRestingWork, type Progress, type RestingWork } from '../serving/rest.ts';

/**
 * A change is answered when typing rests for this long; what was asked for meanwhile is answered before it. Less than
 * this, and lint comes before the completion or hover that an editor asks for with the keystroke.
 */
export const restMs = 5;
/** Nobody types when a document comes or the settings do: other requests that lie in the same input come first. */
export const atOnceMs = 0;

export interface Diagnosing extends RestingWork {
  all(uris: readonly string[], delayMs: number): void;
}

export function createDiagnosing(diagnose: (uri: string) => Progress): Diagnosing {
  const work = createRestingWork(diagnose);
  return {
    ...work,
    all(uris, delayMs) {
      for (const uri of uris) work.soon(uri, delayMs);
    },
  };
}
