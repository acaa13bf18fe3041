/**
 * What a driver gives the system to call, or to keep in a list of its own, is taken back before the driver is unloaded.
 * Sure where nothing in the whole driver mentions what takes it back (`neverUndone`).
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace } from '../../../../cfront/parse/walk.ts';
import { watchStart } from '../../driver/kept-at-start.ts';
import { neverUndone } from '../../driver/never-undone.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import { callsOf, unloadRoutine } from '../../driver/roles.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const LATER = 'the system calls it after unloading, where there is no code any more, and the machine stops';
const LISTED = 'it stays in a list of the system, whose next walk finds memory that is gone, and the machine stops';

/** What ends a beginning, and what comes of it where nothing does. */
interface End {
  readonly by: readonly [string, ...string[]];
  /** As the driver writes the first of these, where that is a macro. */
  readonly shown?: string;
  readonly what?: string;
  readonly effect?: string;
}

/** By what begins it. */
const ends: Readonly<Record<string, End>> = {
  PsSetCreateThreadNotifyRoutine: { by: ['PsRemoveCreateThreadNotifyRoutine'] },
  PsSetCreateThreadNotifyRoutineEx: { by: ['PsRemoveCreateThreadNotifyRoutine'] },
  PsSetLoadImageNotifyRoutine: { by: ['PsRemoveLoadImageNotifyRoutine'] },
  PsSetLoadImageNotifyRoutineEx: { by: ['PsRemoveLoadImageNotifyRoutine'] },
  CmRegisterCallback: { by: ['CmUnRegisterCallback'] },
  CmRegisterCallbackEx: { by: ['CmUnRegisterCallback'] },
  ObRegisterCallbacks: { by: ['ObUnRegisterCallbacks'] },
  ExRegisterCallback: { by: ['ExUnregisterCallback'] },
  KeRegisterBugCheckCallback: { by: ['KeDeregisterBugCheckCallback'] },
  KeRegisterBugCheckReasonCallback: { by: ['KeDeregisterBugCheckReasonCallback'] },
  PoRegisterPowerSettingCallback: { by: ['PoUnregisterPowerSettingCallback'] },
  KeRegisterNmiCallback: { by: ['KeDeregisterNmiCallback'] },
  KeRegisterProcessorChangeCallback: { by: ['KeDeregisterProcessorChangeCallback'] },
  SeRegisterLogonSessionTerminatedRoutine: { by: ['SeUnregisterLogonSessionTerminatedRoutine'] },
  IoRegisterFsRegistrationChange: { by: ['IoUnregisterFsRegistrationChange'] },
  IoRegisterPlugPlayNotification: { by: ['IoUnregisterPlugPlayNotificationEx', 'IoUnregisterPlugPlayNotification'] },
  IoConnectInterrupt: { by: ['IoDisconnectInterrupt'], what: 'The service routine' },
  IoConnectInterruptEx: { by: ['IoDisconnectInterruptEx', 'IoDisconnectInterrupt'], what: 'The service routine' },
  EtwRegister: { by: ['EtwUnregister'] },
  __wsk_trace_register: {
    by: ['__wsk_trace_unregister'],
    shown: 'TraceLoggingUnregister',
    what: 'The TraceLogging provider',
  },
  NotifyUnicastIpAddressChange: { by: ['CancelMibChangeNotify2'] },
  NotifyIpInterfaceChange: { by: ['CancelMibChangeNotify2'] },
  NotifyRouteChange2: { by: ['CancelMibChangeNotify2'] },
  NmrRegisterClient: { by: ['NmrDeregisterClient'], what: 'The NMR client' },
  NmrRegisterProvider: { by: ['NmrDeregisterProvider'], what: 'The NMR provider' },
  IoRegisterShutdownNotification: { by: ['IoUnregisterShutdownNotification'], what: 'The device', effect: LISTED },
};

/** One function begins and ends it, as its second argument says. */
const switched = [
  'PsSetCreateProcessNotifyRoutine',
  'PsSetCreateProcessNotifyRoutineEx',
  'PsSetCreateProcessNotifyRoutineEx2',
];

export const callbackOutlivesDriver: Rule = {
  id: 'callback-outlives-driver',
  severity: 'error',
  docRules: [],
  also: ['bug check 0xCE', 'Driver Verifier 0xC7', 'CWE-416'],
  summary: 'What the system calls or keeps of a driver is taken back before the driver is unloaded.',
  ...watchStart(
    Object.entries(ends).map(([name, { by, shown = by[0], what = 'The routine', effect = LATER }]) => ({
      by: [name],
      ends: by,
      message: `${what} is taken back only by a start that fails: nothing that runs later calls ${shown}, so ${effect}.`,
    })),
  ),
  finish: ({ session, report }) => {
    const tell = (call: CallExpression, end: string, { what = 'The routine', effect = LATER }: Partial<End>): void =>
      report({
        where: whereOf(call),
        span: nodePlace(call),
        message: `${what} is never taken back: nothing in the driver calls ${end}, so ${effect}.`,
        path: [],
      });
    for (const [name, end] of Object.entries(ends)) {
      const [call] = neverUndone(session, [name], end.by);
      if (call !== undefined) tell(call, end.shown ?? end.by[0], end);
    }
    if (unloadRoutine(session) === undefined || !isWholeDriver(session)) return;
    for (const name of switched) {
      const [first, ...others] = callsOf(session, name);
      if (first !== undefined && [first, ...others].every((call) => removes(call) === 0n))
        tell(first, `${name} with Remove TRUE`, {});
    }
  },
};

function removes({ arguments: [, remove] }: CallExpression): bigint | undefined {
  return remove === undefined ? undefined : constantValue(remove);
}
