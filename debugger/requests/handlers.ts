/** Puts the handlers of all requests together, around one state. */

import { createState, type SessionHost } from '../state.ts';
import { breakpointHandlers } from './breakpoint-requests.ts';
import { controlHandlers } from './control-requests.ts';
import { inspectionHandlers } from './inspection-requests.ts';
import { launchHandlers } from './launch-requests.ts';
import { memoryHandlers } from './memory-requests.ts';
import type { Handlers } from './requests.ts';
import { valueHandlers } from './value-requests.ts';

export function createHandlers(host: SessionHost): Handlers {
  const state = createState(host);
  return {
    ...launchHandlers(state),
    ...breakpointHandlers(state),
    ...controlHandlers(state),
    ...inspectionHandlers(state),
    ...valueHandlers(state),
    ...memoryHandlers(state),
  };
}
