/**
 * What the debug adapter says beyond DAP: custom requests and events for the IRP tree and its command. Types only; the
 * client imports them, and nothing else of this folder.
 */

/** A place in a driver's file; line and column count from 1, as the client asked for in `initialize`. */
export interface ProtocolPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface ProtocolStackLocation {
  readonly index: number;
  readonly isCurrent: boolean;
  /** "IRP_MJ_DEVICE_CONTROL", or what WSK keeps there. */
  readonly major: string;
  readonly completionRoutine?: { readonly name: string; readonly place?: ProtocolPlace };
  readonly invokeOn: readonly ('success' | 'error' | 'cancel')[];
  readonly context: string;
}

export interface ProtocolIrp {
  /** Counts from 1 in order of allocation; stable over the session. */
  readonly id: number;
  readonly address: string;
  readonly state: 'idle' | 'sent' | 'pending' | 'completing' | 'completed' | 'freed';
  readonly call?: string;
  /** What it asks for, where the call alone does not say: "IOCTL_DOT4_READ". */
  readonly subject?: string;
  readonly issuedAt?: ProtocolPlace;
  readonly allocatedAt?: ProtocolPlace;
  readonly status?: { readonly code: number; readonly name: string };
  readonly information?: string;
  readonly stackLocations: readonly ProtocolStackLocation[];
  readonly history: readonly { readonly what: string; readonly place?: ProtocolPlace }[];
}

/** Custom request `wsk/irps`: no arguments; every IRP that the run has seen, by id. */
export const irpsRequest = 'wsk/irps';
export interface IrpsResponse {
  readonly irps: readonly ProtocolIrp[];
  /** How often an IRP has completed; one that is used again does so more than once. */
  readonly completions: number;
}

/** Custom event `wsk/finding`: what the run has found, when it finds it. Lines and columns as in `ProtocolPlace`. */
export const findingEvent = 'wsk/finding';
export interface ProtocolFinding extends ProtocolPlace {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  /** With the bug check in a second line, where there is one. */
  readonly message: string;
  readonly endLine: number;
  readonly endColumn: number;
  /** What led there, oldest first. */
  readonly steps: readonly { readonly what: string; readonly place: ProtocolPlace }[];
}

/** One event of the run, as a row of the picture "IRP Timeline". */
export interface ProtocolStep {
  /** Its place among all events of the run; -1 where it stands for an older one. */
  readonly sequence: number;
  /** Of the trace: "irp-sent", "irp-completed", "finding". */
  readonly kind: string;
  readonly irp?: number;
  readonly status?: number;
  readonly text: string;
  /** With when, in which thread and at which IRQL before it. */
  readonly line: string;
  /** Statements executed before it, but for the one that it is part of. */
  readonly statements: number;
  readonly place?: ProtocolPlace;
}

/**
 * Custom request `wsk/timeline`: no arguments; the latest events of the run, before them one for each older IRP that is
 * under way.
 */
export const timelineRequest = 'wsk/timeline';
export interface TimelineResponse {
  readonly steps: readonly ProtocolStep[];
  /** The statement that comes next. */
  readonly place?: ProtocolPlace;
  /** How often the user has changed the run: what was seen of it with another number may come otherwise. */
  readonly changes: number;
}

/** Custom request `wsk/goToMoment`: back, or forward again, to before the statement that a step is part of. */
export const goToMomentRequest = 'wsk/goToMoment';
export type GoToMomentArguments = Pick<ProtocolStep, 'statements' | 'place'>;

/**
 * Custom request `wsk/runToNextCompletion`: goes on until the first line of the next completion routine, or of one
 * IRP's.
 */
export const runToNextCompletionRequest = 'wsk/runToNextCompletion';
export interface RunToNextCompletionArguments {
  readonly threadId: number;
  readonly irp?: number;
}

/** What a launch configuration of type `wsk` says. Paths may be absolute or relative to `cwd`. */
export interface LaunchConfiguration {
  /** One C file, or several that make one driver; `*` stands for any part of a name. Or a .vcxproj file. */
  readonly program: string | readonly string[];
  /** `program` is one file of the driver, because nobody has said more: the others are looked for. */
  readonly wholeDriver?: boolean;
  /** A `*.wsk.yaml` file. */
  readonly scenario?: string;
  readonly cwd?: string;
  readonly includePath?: readonly string[];
  readonly defines?: readonly string[];
  readonly undefines?: readonly string[];
  /** "c11" and so on. */
  readonly std?: string;
  /** C files that stand in for what the driver's files leave undefined. */
  readonly stubs?: readonly string[];
  /** A .vcxproj file whose settings hold for all files. */
  readonly project?: string;
  /** compile_commands.json, or its folder. */
  readonly compileCommands?: string;
  /** "Debug|x64": which configuration of the project. */
  readonly configuration?: string;
  readonly seed?: number;
  readonly stopOnEntry?: boolean;
  /** Name of the function to start at; DriverEntry unless given. */
  readonly entry?: string;
}
