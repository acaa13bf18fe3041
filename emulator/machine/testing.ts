/**
 * C text to a finished run, for tests: parse, link, run one function, with a small library of natives.
 *
 * The natives record what the guest says: `print(unsigned long long)` and `text(const char *)` add to `output`. Others
 * are given by the test.
 */
import { sourceFile } from '../../base/source.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import {
  type Continuation,
  createMachine,
  type Fault,
  type GuestThread,
  link,
  type Machine,
  type NativeCall,
  type NativeResult,
  type Program,
  type RunStop,
  returnsVoid,
} from './index.ts';

export type Native = (call: NativeCall, machine: Machine) => NativeResult;
export type Resume = (
  machine: Machine,
  thread: GuestThread,
  state: Continuation['state'],
  value: bigint,
) => NativeResult;

export interface RunOptions {
  readonly natives?: Readonly<Record<string, Native>>;
  readonly continuations?: Readonly<Record<string, Resume>>;
  readonly entry?: string;
  readonly arguments?: readonly bigint[];
  readonly budget?: number;
  readonly stackSize?: number;
  readonly irql?: number;
  readonly memoryLimit?: number;
  readonly tolerates?: Machine['tolerates'];
}

export interface FinishedRun {
  readonly stop: RunStop;
  readonly result: bigint;
  readonly fault: Fault | undefined;
  readonly output: readonly string[];
  readonly machine: Machine;
  readonly thread: GuestThread;
}

/** Declarations that every test program has; one line, so that line numbers of tests stay what they are. */
const PRELUDE =
  'typedef signed char i8; typedef unsigned char u8; typedef short i16; typedef unsigned short u16; typedef int i32; ' +
  'typedef unsigned int u32; typedef long long i64; typedef unsigned long long u64; typedef char *va_list; ' +
  'void print(u64 value); void text(const char *line);\n';

export function program(...sources: readonly string[]): Program {
  const units = sources.map((source, i) =>
    parseTranslationUnit(sourceFile(`file${i}.c`, PRELUDE + source), {
      include: () => ({ kind: 'missing', searched: [] }),
    }),
  );
  const { program: linked, problems: all } = link(units);
  const problems = all.filter(({ severity }) => severity === 'error');
  if (problems.length > 0) throw new Error(problems.map((p) => `${p.code}: ${p.message}`).join('\n'));
  return linked;
}

export function prepare(linked: Program, options: RunOptions = {}): Omit<FinishedRun, 'stop' | 'result' | 'fault'> {
  const output: string[] = [];
  const continuations = options.continuations ?? {};
  const own: Record<string, Native> = {
    print: (call) => {
      output.push(String(call.arguments.uint64(0)));
      return returnsVoid;
    },
    text: (call, machine) => {
      output.push(readText(machine, call.arguments.pointer(0)));
      return returnsVoid;
    },
    ...options.natives,
  };
  const machine: Machine = createMachine(
    linked,
    {
      has: (name) => name in own,
      links: (name) => name in own,
      call: (call) => (own[call.name] as Native)(call, machine),
      resume: (thread, continuation, value) =>
        (continuations[continuation.name] as Resume)(machine, thread, continuation.state, value),
      begin: () => {
        throw new Error('a test of the machine has no contexts');
      },
    },
    options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit },
  );
  machine.irql = options.irql ?? 0;
  if (options.tolerates !== undefined) machine.tolerates = options.tolerates;
  const entry = machine.functionAddress(options.entry ?? 'main');
  if (entry === undefined) throw new Error(`there is no function ${options.entry ?? 'main'}`);
  const thread = machine.createThread({
    name: 'test',
    entry,
    arguments: options.arguments ?? [],
    ...(options.stackSize === undefined ? {} : { stackSize: options.stackSize }),
  });
  return { machine, thread, output };
}

export function runProgram(linked: Program, options: RunOptions = {}): FinishedRun {
  const prepared = prepare(linked, options);
  const stop = prepared.machine.run(prepared.thread, options.budget ?? 1_000_000);
  return { ...prepared, stop, result: prepared.thread.result, fault: stop.kind === 'fault' ? stop.fault : undefined };
}

export function runSource(source: string, options: RunOptions = {}): FinishedRun {
  return runProgram(program(source), options);
}

function readText(machine: Machine, address: bigint): string {
  let text = '';
  for (let at = address; ; at++) {
    const unit = machine.memory.readU8(at as Parameters<Machine['memory']['readU8']>[0]);
    if (unit === 0) return text;
    text += String.fromCharCode(unit);
  }
}
