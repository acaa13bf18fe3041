/**
 * What a rule is: data for people and tools, and a check that listens to the analysis.
 *
 * A check sees each event before it changes the state, each return with the state at it, and at the end the whole run.
 * It reports what it is sure of and keeps silent about what is unknown. Checks keep nothing between events: what they
 * need is in the state. What other functions of the driver are like is asked in `when` or `finish`, or through callsOf:
 * while one function is typed in, what was found in the others stays.
 */
import type { FindingTag, Fix, PathStep, Severity } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { ApiCall, FlowEvent } from './flow/facts/events.ts';
import type { Action } from './flow/facts/kernel.ts';
import type { Exit, FunctionInfo, Session } from './flow/run/session.ts';
import type { State } from './flow/state/state.ts';
import type { Where } from './flow/state/where.ts';

export interface Rule {
  /** Kebab case, as in "wsk-lint: allow <id>"; the name of its folder. */
  readonly id: string;
  readonly severity: Severity;
  /** How an editor shows what it finds besides. */
  readonly tag?: FindingTag;
  /** Numbers of the documentation rules. */
  readonly docRules: readonly string[];
  /** Names that engineers know it by: SDV rule, C28xxx, Driver Verifier code. */
  readonly also: readonly string[];
  /** One line: what must be so. */
  readonly summary: string;
  /** What `event` is told of; without it, of all. So with `calls` and `acts`: most of what happens is nothing to most rules. */
  readonly events?: readonly FlowEvent['kind'][];
  readonly event?: (event: FlowEvent, context: CheckContext) => void;
  /** The functions by name, or those of WSK. */
  readonly calls?: readonly string[] | RegExp | 'wsk';
  readonly call?: (call: ApiCall, context: CheckContext) => void;
  /** `call` asks for the values of arguments alone, so it is also told of a helper's calls with its callers' values. */
  readonly seesThroughHelpers?: true;
  readonly acts?: readonly Action['kind'][];
  readonly act?: (action: Action, context: CheckContext) => void;
  readonly exit?: (exit: Exit, context: CheckContext) => void;
  readonly finish?: (context: FinishContext) => void;
  /** Its fixes depend on the lines around what it finds: those may change where the function says the same. */
  readonly readsLines?: true;
}

export interface CheckContext {
  readonly state: State;
  readonly fn: FunctionInfo;
  readonly session: Session;
  readonly report: (report: Report) => void;
}

/** A completion routine that was set for an IRP somewhere. */
export interface Registration {
  readonly routine: FunctionInfo;
  /** The function that set it. */
  readonly by: FunctionInfo;
  readonly isOwn: boolean;
  readonly where: Where;
  /** The routine gets a context that is not NULL. */
  readonly hasContext: boolean;
  /** Where the IRP was allocated, if that is known. */
  readonly allocated: Where | undefined;
}

export interface FinishContext {
  readonly session: Session;
  /** Those that count: what a helper does with its caller's IRP counts where it is called. */
  readonly registrations: readonly Registration[];
  readonly report: (report: Report) => void;
}

export interface Report {
  /** What is wrong, there or in a helper called there. A helper's own mistakes are told in the helper only. */
  readonly where: Where;
  /** A part of `where` that shows it better. */
  readonly span?: Span | undefined;
  /** One sentence: what happens at run time, and to what. */
  readonly message: string;
  readonly path: readonly PathStep[];
  readonly fixes?: readonly Fix[];
  /** Where this is less grave than what the rule is mostly about. */
  readonly severity?: Severity;
  /** Those of the rule's numbers that this is about; without it, all. */
  readonly docRules?: readonly string[];
  /** Reports with the same text are one. */
  readonly once?: string;
  /** Asked at the end of the run, when all callers are known. */
  readonly when?: () => boolean;
}
