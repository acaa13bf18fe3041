/** What happens to the driver, told to the client: stops, output, the end. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { unreachable } from '../../base/assert.ts';
import type { Run, RunResult } from '../../emulator/index.ts';
import { bugCheckText } from '../inspect/exception-info.ts';
import { protocolFinding } from '../inspect/findings.ts';
import { stopThreadId } from '../inspect/frames.ts';
import { tellOfChangedMemory } from '../inspect/memory-windows.ts';
import { exitCode, summaryText } from '../output.ts';
import { findingEvent } from '../protocol.ts';
import { runningProgram, type SessionState } from '../state.ts';
import type { DebuggeeEvent, Stop } from './standing.ts';

export function debuggeeListener(state: SessionState): (event: DebuggeeEvent) => void {
  const { host } = state;
  return (event) => {
    const { debuggee, printer, settings, outside } = runningProgram(state);
    switch (event.kind) {
      case 'progress':
        printer.catchUp(debuggee.run);
        return;
      case 'finding':
        printer.finding(event.finding);
        host.send(findingEvent, protocolFinding(event.finding, state.client));
        return;
      case 'message':
        printer.line(event.isError ? 'stderr' : 'console', event.text, event.span);
        return;
      case 'stopped':
        state.variables.clear();
        host.send('stopped', stoppedBody(debuggee.run, event.stop));
        tellOfChangedMemory(state);
        return;
      case 'ended':
        state.variables.clear();
        outside?.close();
        printer.line('console', summaryText(event.result, entryStatus(debuggee.run, event.result)));
        host.send('exited', { exitCode: exitCode(event.result, settings.entry) });
        host.send('terminated');
        return;
      case 'failed':
        outside?.close();
        host.reportBug(event.error);
        printer.line('stderr', "The run can't go on after that.");
        host.send('terminated');
        return;
      default:
        unreachable(event);
    }
  };
}

/** The name, or the number of one that has none. */
function entryStatus(run: Run, { entryResult }: RunResult): string | undefined {
  if (entryResult === undefined) return undefined;
  return run.statusName(entryResult) ?? `0x${(entryResult >>> 0).toString(16).toUpperCase()}`;
}

export function stoppedBody(run: Run, stop: Stop): DebugProtocol.StoppedEvent['body'] {
  const common = { threadId: stopThreadId(run, stop), allThreadsStopped: true };
  const { why } = stop;
  switch (why.kind) {
    case 'entry':
    case 'pause':
    case 'step':
    case 'restart':
    case 'goto':
      return { reason: why.kind, ...common };
    case 'completion':
      return { reason: 'step', description: 'IRP completion', ...common };
    case 'breakpoint':
      return { reason: 'breakpoint', hitBreakpointIds: [...why.ids], ...common };
    case 'data':
      return {
        reason: 'data breakpoint',
        description: why.text,
        text: why.text,
        hitBreakpointIds: [...why.ids],
        ...common,
      };
    case 'finding': {
      const description = bugCheckText(why.finding) ?? `Finding: ${why.finding.rule}`;
      return { reason: 'exception', description, text: why.finding.message, ...common };
    }
    default:
      return unreachable(why);
  }
}
