/**
 * The beginning and the end of a session. Launch loads the driver and says `initialized`, so that breakpoints are put
 * into a driver that is there already; the run begins when the client has said that it is done with them.
 */

import { dataGroup, functionsGroup } from '../breakpoints/breakpoints.ts';
import { capabilities } from '../capabilities.ts';
import { clientOf } from '../client.ts';
import { type LaunchProblem, launch } from '../launch/launch.ts';
import { readLaunchSettings } from '../launch/launch-arguments.ts';
import { createPrinter, launchMessage, problemText } from '../output.ts';
import { createDebuggee } from '../run/debuggee.ts';
import { debuggeeListener } from '../run/debuggee-events.ts';
import { createOutside } from '../run/outside.ts';
import { createSources } from '../sources.ts';
import { type Program, runningProgram, type SessionState } from '../state.ts';
import { placeBreakpoints, shownBreakpoint } from './breakpoint-requests.ts';
import { RequestError } from './request-error.ts';
import type { Handlers } from './requests.ts';

type LaunchHandlers = Pick<
  Handlers,
  'initialize' | 'launch' | 'attach' | 'configurationDone' | 'terminate' | 'disconnect'
>;

export function launchHandlers(state: SessionState): LaunchHandlers {
  const { host } = state;
  return {
    initialize(args) {
      state.client = clientOf(args);
      return capabilities;
    },
    launch(args) {
      if (state.program !== undefined) throw new RequestError('A driver has been launched already.');
      const reading = readLaunchSettings(args, process.cwd());
      if (reading.kind === 'problems') {
        return refuse(
          state,
          reading.messages.map((message) => ({ message })),
        );
      }
      const { settings } = reading;
      const launched = launch(settings, host.catalogFolder);
      if (launched.kind === 'problems') return refuse(state, launched.problems);
      const { run, again, isBridged, files, warnings } = launched;
      const sources = createSources(state.client, files);
      const printer = createPrinter(state.client, sources, (output) => host.send('output', output));
      for (const warning of warnings) printer.line('console', `warning: ${problemText(warning)}`, warning.span);
      const outside = isBridged ? createOutside((line) => printer.line('console', line)) : undefined;
      const debuggee = createDebuggee({
        run,
        again,
        outside,
        place: (next) => placeBreakpoints(state, runningProgram(state), next),
        breakpoints: state.breakpoints,
        stopsAt: (finding) => settings.isDebugged && state.stopsAt(finding),
        listen: (event) => debuggeeListener(state)(event),
        later: host.later,
      });
      const program = { settings, debuggee, sources, printer, outside };
      state.program = program;
      host.afterResponse(() => {
        placeBreakpoints(state, program, run);
        for (const group of state.breakpoints.groups()) {
          const source = group === functionsGroup || group === dataGroup ? undefined : { path: group };
          for (const one of state.breakpoints.list(group)) {
            host.send('breakpoint', { reason: 'changed', breakpoint: shownBreakpoint(state, one, source) });
          }
        }
        host.send('initialized');
        if (state.isConfigured) begin(state);
      });
    },
    attach() {
      throw new RequestError(
        'A driver on the emulated kernel is launched, not attached to: write "request": "launch" in launch.json.',
        { isShown: true },
      );
    },
    configurationDone() {
      state.isConfigured = true;
      if (state.program !== undefined) host.afterResponse(() => begin(state));
    },
    terminate() {
      // With clients outside, the end of the run is for them to see: the first time it is an unload.
      if (state.program !== undefined && unloads(state.program)) return;
      state.program?.debuggee.end();
      state.program?.outside?.close();
      host.afterResponse(() => host.send('terminated'));
    },
    disconnect() {
      state.program?.debuggee.end();
      state.program?.outside?.close();
      host.afterResponse(host.shutdown);
    },
  };
}

/** Asks a bridged driver to unload; false when it was asked before, or has ended. */
function unloads({ debuggee, outside }: Program): boolean {
  if (outside === undefined || debuggee.hasEnded || !outside.unload()) return false;
  if (debuggee.stop !== undefined) debuggee.goOn();
  return true;
}

function begin(state: SessionState): void {
  const { program } = state;
  program?.debuggee.begin({ stopsOnEntry: program.settings.stopsOnEntry && program.settings.isDebugged });
}

/** Says every problem in the console, the first in the response, and ends the session. */
function refuse(state: SessionState, problems: readonly LaunchProblem[]): never {
  const { host, client } = state;
  const sources = createSources(client, () => []);
  const printer = createPrinter(client, sources, (output) => host.send('output', output));
  for (const problem of problems) printer.line('stderr', problemText(problem), problem.span);
  host.afterResponse(() => host.send('terminated'));
  throw new RequestError(launchMessage(problems), { isShown: true });
}
