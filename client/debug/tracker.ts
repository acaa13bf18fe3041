/**
 * Tells a view when a driver starts, stops and ends, from the adapter's own messages: VS Code has no event for "stopped".
 * Each session gives `started` once, `stopped` at every stop, and `ended` once, whichever way it ends.
 */
import { type DebugSession, type Disposable, debug } from 'vscode';

export interface SessionListener {
  readonly started: (session: DebugSession) => void;
  readonly stopped: (session: DebugSession) => void;
  /** `isStopped`: by somebody, before its end. */
  readonly ended: (session: DebugSession, isStopped: boolean) => unknown;
}

export function trackSessions(listener: SessionListener): Disposable {
  return debug.registerDebugAdapterTrackerFactory('wsk', {
    createDebugAdapterTracker(session) {
      let over = false;
      let isStopped = true;
      const end = () => {
        if (!over) listener.ended(session, isStopped);
        over = true;
      };
      return {
        onWillStartSession: () => listener.started(session),
        onDidSendMessage: (message: unknown) => {
          const event = eventName(message);
          if (event === 'stopped') listener.stopped(session);
          else if (event === 'exited') isStopped = false;
          else if (event === 'terminated') end();
        },
        onWillStopSession: end,
        onExit: end,
      };
    },
  });
}

/** The name of a DAP event, or undefined for anything else. */
function eventName(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'event')
    return undefined;
  return 'event' in message ? message.event : undefined;
}
