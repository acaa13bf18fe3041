/**
 * Row 58: what a driver gives the system to call, or to keep in a list of its own, is taken back before the driver is
 * unloaded. Sure where the whole driver is there, can be unloaded, and nothing in it mentions what takes it back.
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace } from '../../../../cfront/parse/walk.ts';
import { whereOf } from '../../flow/state/where.ts';
import { isMentioned, isWholeDriver } from '../../reach.ts';
import { callsOf, unloadRoutine } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const LATER = 'the system calls it after unloading, where there is no code any more, and the machine stops';
const LISTED = 'it stays in a list of the system, whose next walk finds memory that is gone, and the machine stops';

/** What ends each beginning, and what comes of it where nothing does. */
const ends: Readonly<Record<string, readonly [by: readonly string[], what: string, effect: string]>> = {
  PsSetCreateThreadNotifyRoutine: [['PsRemoveCreateThreadNotifyRoutine'], 'The routine', LATER],
  PsSetCreateThreadNotifyRoutineEx: [['PsRemoveCreateThreadNotifyRoutine'], 'The routine', LATER],
  PsSetLoadImageNotifyRoutine: [['PsRemoveLoadImageNotifyRoutine'], 'The routine', LATER],
  PsSetLoadImageNotifyRoutineEx: [['PsRemoveLoadImageNotifyRoutine'], 'The routine', LATER],
  CmRegisterCallback: [['CmUnRegisterCallback'], 'The routine', LATER],
  CmRegisterCallbackEx: [['CmUnRegisterCallback'], 'The routine', LATER],
  ObRegisterCallbacks: [['ObUnRegisterCallbacks'], 'The routine', LATER],
  ExRegisterCallback: [['ExUnregisterCallback'], 'The routine', LATER],
  KeRegisterBugCheckCallback: [['KeDeregisterBugCheckCallback'], 'The routine', LATER],
  KeRegisterBugCheckReasonCallback: [['KeDeregisterBugCheckReasonCallback'], 'The routine', LATER],
  PoRegisterPowerSettingCallback: [['PoUnregisterPowerSettingCallback'], 'The routine', LATER],
  KeRegisterNmiCallback: [['KeDeregisterNmiCallback'], 'The routine', LATER],
  KeRegisterProcessorChangeCallback: [['KeDeregisterProcessorChangeCallback'], 'The routine', LATER],
  SeRegisterLogonSessionTerminatedRoutine: [['SeUnregisterLogonSessionTerminatedRoutine'], 'The routine', LATER],
  IoRegisterFsRegistrationChange: [['IoUnregisterFsRegistrationChange'], 'The routine', LATER],
  IoRegisterPlugPlayNotification: [
    ['IoUnregisterPlugPlayNotificationEx', 'IoUnregisterPlugPlayNotification'],
    'The routine',
    LATER,
  ],
  IoConnectInterrupt: [['IoDisconnectInterrupt'], 'The service routine', LATER],
  IoConnectInterruptEx: [['IoDisconnectInterruptEx', 'IoDisconnectInterrupt'], 'The service routine', LATER],
  EtwRegister: [['EtwUnregister'], 'The routine', LATER],
  NotifyUnicastIpAddressChange: [['CancelMibChangeNotify2'], 'The routine', LATER],
  NotifyIpInterfaceChange: [['CancelMibChangeNotify2'], 'The routine', LATER],
  NotifyRouteChange2: [['CancelMibChangeNotify2'], 'The routine', LATER],
  NmrRegisterClient: [['NmrDeregisterClient'], 'The NMR client', LATER],
  NmrRegisterProvider: [['NmrDeregisterProvider'], 'The NMR provider', LATER],
  IoRegisterShutdownNotification: [['IoUnregisterShutdownNotification'], 'The device', LISTED],
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
  finish: ({ session, report }) => {
    if (unloadRoutine(session) === undefined) return;
    const tell = (call: CallExpression, what: string, end: string, effect: string): void =>
      report({
        where: whereOf(call),
        span: nodePlace(call),
        message: `${what} is never taken back: nothing in the driver calls ${end}, so ${effect}.`,
        path: [],
        when: () => isWholeDriver(session),
      });
    for (const [name, [by, what, effect]] of Object.entries(ends)) {
      const [call] = callsOf(session, name);
      if (call !== undefined && !isMentioned(session, by)) tell(call, what, by[0] ?? '', effect);
    }
    for (const name of switched) {
      const calls = callsOf(session, name);
      const begins = calls.find((call) => removes(call) === 0n);
      if (begins !== undefined && calls.every((call) => removes(call) === 0n))
        tell(begins, 'The routine', `${name} with Remove TRUE`, LATER);
    }
  },
};

function removes({ arguments: [, remove] }: CallExpression): bigint | undefined {
  return remove === undefined ? undefined : constantValue(remove);
}
