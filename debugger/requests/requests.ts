/** Every request that the adapter answers: its command, what comes with it, what goes back. */
import type { DebugProtocol as Dap } from '@vscode/debugprotocol';
import type {
  GoToMomentArguments,
  goToMomentRequest,
  IrpsResponse,
  irpsRequest,
  RunToNextCompletionArguments,
  runToNextCompletionRequest,
  TimelineResponse,
  timelineRequest,
} from '../protocol.ts';

/** One function for each; it throws `RequestError` where the request can't be done. */
export interface Handlers {
  readonly initialize: (args: Dap.InitializeRequestArguments) => Dap.Capabilities;
  readonly launch: (args: Dap.LaunchRequestArguments) => void;
  readonly attach: (args: Dap.AttachRequestArguments) => void;
  readonly configurationDone: (args: Dap.ConfigurationDoneArguments) => void;
  readonly disconnect: (args: Dap.DisconnectArguments) => void;
  readonly terminate: (args: Dap.TerminateArguments) => void;
  readonly setBreakpoints: (args: Dap.SetBreakpointsArguments) => Dap.SetBreakpointsResponse['body'];
  readonly setFunctionBreakpoints: (
    args: Dap.SetFunctionBreakpointsArguments,
  ) => Dap.SetFunctionBreakpointsResponse['body'];
  readonly breakpointLocations: (args: Dap.BreakpointLocationsArguments) => Dap.BreakpointLocationsResponse['body'];
  readonly dataBreakpointInfo: (args: Dap.DataBreakpointInfoArguments) => Dap.DataBreakpointInfoResponse['body'];
  readonly setDataBreakpoints: (args: Dap.SetDataBreakpointsArguments) => Dap.SetDataBreakpointsResponse['body'];
  readonly setExceptionBreakpoints: (args: Dap.SetExceptionBreakpointsArguments) => void;
  readonly exceptionInfo: (args: Dap.ExceptionInfoArguments) => Dap.ExceptionInfoResponse['body'];
  readonly continue: (args: Dap.ContinueArguments) => Dap.ContinueResponse['body'];
  readonly next: (args: Dap.NextArguments) => void;
  readonly stepIn: (args: Dap.StepInArguments) => void;
  readonly stepInTargets: (args: Dap.StepInTargetsArguments) => Dap.StepInTargetsResponse['body'];
  readonly stepOut: (args: Dap.StepOutArguments) => void;
  readonly stepBack: (args: Dap.StepBackArguments) => void;
  readonly reverseContinue: (args: Dap.ReverseContinueArguments) => void;
  readonly restartFrame: (args: Dap.RestartFrameArguments) => void;
  readonly gotoTargets: (args: Dap.GotoTargetsArguments) => Dap.GotoTargetsResponse['body'];
  readonly goto: (args: Dap.GotoArguments) => void;
  readonly pause: (args: Dap.PauseArguments) => void;
  readonly threads: (args: undefined) => Dap.ThreadsResponse['body'];
  readonly stackTrace: (args: Dap.StackTraceArguments) => Dap.StackTraceResponse['body'];
  readonly scopes: (args: Dap.ScopesArguments) => Dap.ScopesResponse['body'];
  readonly variables: (args: Dap.VariablesArguments) => Dap.VariablesResponse['body'];
  readonly setVariable: (args: Dap.SetVariableArguments) => Dap.SetVariableResponse['body'];
  readonly setExpression: (args: Dap.SetExpressionArguments) => Dap.SetExpressionResponse['body'];
  readonly readMemory: (args: Dap.ReadMemoryArguments) => Dap.ReadMemoryResponse['body'];
  readonly writeMemory: (args: Dap.WriteMemoryArguments) => Dap.WriteMemoryResponse['body'];
  readonly evaluate: (args: Dap.EvaluateArguments) => Dap.EvaluateResponse['body'];
  readonly completions: (args: Dap.CompletionsArguments) => Dap.CompletionsResponse['body'];
  readonly source: (args: Dap.SourceArguments) => Dap.SourceResponse['body'];
  readonly loadedSources: (args: Dap.LoadedSourcesArguments) => Dap.LoadedSourcesResponse['body'];
  readonly [irpsRequest]: (args: undefined) => IrpsResponse;
  readonly [timelineRequest]: (args: undefined) => TimelineResponse;
  readonly [goToMomentRequest]: (args: GoToMomentArguments) => void;
  readonly [runToNextCompletionRequest]: (args: RunToNextCompletionArguments) => void;
}
