/**
 * Commands of the debug console for people who know Windows' debuggers: IRPs, threads, the stack, the timeline.
 * Text comes in; text comes out, or undefined where it is no command and so an expression.
 */
import { positionAt } from '../../base/source.ts';
import type { IrpInfo, Run, StackLocationInfo } from '../../emulator/index.ts';
import { shortPlace, withPlace } from '../place-text.ts';
import { timelineLines } from './timeline.ts';

export interface ConsoleState {
  readonly run: Run;
  /** Of the frame that the client has chosen. */
  readonly threadId: number;
  readonly frameId: number | undefined;
}

interface ConsoleCommand {
  readonly name: string;
  readonly argument: string;
  readonly help: string;
  readonly run: (state: ConsoleState, argument: string) => string;
}

export const consoleCommands: readonly ConsoleCommand[] = [
  {
    name: '!irp',
    argument: '[ID or POINTER]',
    help: 'all IRPs, or one with its stack locations and history',
    run: irpCommand,
  },
  { name: '!threads', argument: '', help: 'threads with what they wait for', run: threadsCommand },
  { name: '!timeline', argument: '[COUNT]', help: 'the last events of the run (20)', run: timelineCommand },
  { name: 'k', argument: '', help: "call stack of the chosen frame's thread", run: stackCommand },
  { name: '!help', argument: '', help: 'these commands', run: helpCommand },
];

export function runConsoleCommand(text: string, state: ConsoleState): string | undefined {
  const [, name = '', argument = ''] = /^\s*(!?\w+|[!.]?\?|\.help)\s*(.*?)\s*$/s.exec(text) ?? [];
  const wanted = /^(?:help|[!.]?\?|\.help)$/i.test(name) ? '!help' : name.toLowerCase();
  const command = consoleCommands.find((one) => one.name === wanted);
  if (command === undefined) return undefined;
  // "help", "?" and ".help" are what people try first. A variable k, alone or in "k + 1", comes before the command.
  const isCommand = /^\W/.test(name) || (argument === '' && 'error' in state.run.evaluate(name, state.frameId));
  return isCommand ? command.run(state, argument) : undefined;
}

function helpCommand(): string {
  const rows = consoleCommands.map(({ name, argument, help }) => `${`${name} ${argument}`.padEnd(24)}${help}`);
  return [
    ...rows,
    `${'EXPRESSION'.padEnd(24)}its value`,
    `${'PLACE = EXPRESSION'.padEnd(24)}changes a variable or memory`,
  ].join('\n');
}

function irpCommand({ run, frameId }: ConsoleState, argument: string): string {
  const irps = run.irps();
  if (argument === '') {
    return irps.length === 0 ? 'No IRP has been allocated yet.' : irps.map(irpLine).join('\n');
  }
  const wanted = argument.replace(/^#/, '');
  const value = run.evaluate(argument, frameId);
  const pointer = 'error' in value ? undefined : /^0x[0-9A-F]+`[0-9A-F]+/.exec(value.value.text)?.[0];
  const irp = irps.find(
    ({ id, address }) => String(id) === wanted || sameAddress(address, wanted) || address === pointer,
  );
  return irp === undefined ? `There is no IRP ${argument}; !irp lists all.` : irpText(irp);
}

function sameAddress(a: string, b: string): boolean {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/^0x|[`'_]/g, '')
      .replace(/^0x/, '');
  return plain(a) === plain(b);
}

function irpLine({ id, address, state, call, issuedAt, status }: IrpInfo): string {
  const result = status === undefined ? '' : ` with ${status.name}`;
  const issued = call === undefined ? 'not sent' : withPlace(call, issuedAt);
  return `#${String(id).padEnd(4)} ${address}  ${`${state}${result}`.padEnd(32)} ${issued}`;
}

/** As `!irp` of Windows' debuggers: `>` marks the current stack location. */
function irpText(irp: IrpInfo): string {
  const { id, address, state, call, issuedAt, allocatedAt, status, information } = irp;
  return [
    `IRP #${id} at ${address} is ${state}`,
    `  allocated at ${shortPlace(allocatedAt) || 'an unknown place'}`,
    ...(call === undefined ? [] : [`  sent to ${withPlace(call, issuedAt)}`]),
    ...(status === undefined ? [] : [`  IoStatus ${status.name}, Information ${information ?? '0'}`]),
    '  stack locations:',
    ...irp.stackLocations.map(stackLocationText),
    '  history:',
    ...irp.history.map(({ what, span }) => withPlace(`    ${what}`, span)),
  ].join('\n');
}

function stackLocationText(location: StackLocationInfo): string {
  const { index, isCurrent, major, completionRoutine, invokeOn, context } = location;
  const mark = isCurrent ? '>' : ' ';
  const when = invokeOn.map((on) => on.charAt(0).toUpperCase() + on.slice(1)).join(' ');
  const routine =
    completionRoutine === undefined
      ? 'no completion routine'
      : withPlace(completionRoutine.name, completionRoutine.span);
  return `   ${mark}[${index}] ${major}  ${routine}${when === '' ? '' : `  ${when}`}  Context ${context}`;
}

function threadsCommand({ run }: ConsoleState): string {
  return run
    .threads()
    .map(({ id, name, state, isCurrent, irql }) => `${isCurrent ? '>' : ' '}${id}  ${name}  IRQL ${irql}  ${state}`)
    .join('\n');
}

function timelineCommand({ run }: ConsoleState, argument: string): string {
  const count = /^\d{1,6}$/.test(argument) ? Number(argument) : 20;
  return timelineLines(run, count).join('\n') || 'Nothing has happened yet.';
}

function stackCommand({ run, threadId }: ConsoleState): string {
  const frames = run.frames(threadId);
  if (frames.length === 0) return 'The thread has no frames.';
  return frames
    .map(({ name, span, presentation }, i) => {
      if (presentation === 'label') return `-- ${name}`;
      const place =
        span === undefined ? 'kernel' : `${shortPlace(span)}:${positionAt(span.file, span.start).column + 1}`;
      return `${String(i).padStart(2, '0')} ${name}  ${place}`;
    })
    .join('\n');
}
