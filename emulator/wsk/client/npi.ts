/**
 * WskCaptureProviderNPI, WskReleaseProviderNPI, WskQueryProviderCharacteristics: getting at WSK and letting go of it.
 *
 * WSK may start later than the driver (the scenario says when), so a capture waits as long as it was told to.
 */
import type { Api, ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { DISPATCH_LEVEL } from '../requests.ts';
import { type Registration, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { registrationFor, wakeDeregister } from './registration.ts';
import { WSK_VERSION } from './tables.ts';

const WskCaptureProviderNPI: Api = (kernel, call) => {
  const registration = registrationFor(kernel, call);
  if ('kind' in registration) return registration;
  const timeoutMs = call.arguments.uint(1);
  const npi = call.arguments.pointer(2);
  const noWait = constant(kernel, 'WSK_NO_WAIT');
  const now = captureNow(kernel, registration, npi, call.site.span);
  if (now !== undefined) return now;
  if (timeoutMs === noWait) return returns(ntstatus(kernel, 'STATUS_DEVICE_NOT_READY'));
  const key = `wsk.capture.${wskState(kernel).nextId++}`;
  registration.waiters.push(key);
  const readyInNs = wskState(kernel).options.readyAfterNs - kernel.timeNs;
  const timeoutNs = timeoutMs === constant(kernel, 'WSK_INFINITE_WAIT') ? readyInNs : timeoutMs * 1_000_000;
  kernel.schedule({
    afterNs: Math.max(0, Math.min(readyInNs, timeoutNs)),
    irql: DISPATCH_LEVEL,
    label: readyInNs <= timeoutNs ? 'WSK has started' : 'WskCaptureProviderNPI times out',
    step: { name: 'wsk.wake', state: { key } },
  });
  return kernel.block(key, 'WskCaptureProviderNPI waits for WSK to start', {
    name: 'wsk.captureAgain',
    state: { registration: registration.id, npi, span: call.site.span },
  });
};

const captureAgain: ContinuationStep = (kernel, _thread, state) => {
  const registration = wskState(kernel).registrations.get(state.registration as number);
  const result =
    registration === undefined
      ? undefined
      : captureNow(kernel, registration, state.npi as GuestAddress, state.span as NativeCall['site']['span']);
  return result ?? returns(ntstatus(kernel, 'STATUS_DEVICE_NOT_READY'));
};

const wake: ContinuationStep = (kernel, _thread, state) => {
  kernel.wake(state.key as string, 0n);
  return returnsVoid;
};

const WskReleaseProviderNPI: Api = (kernel, call) => {
  const registration = registrationFor(kernel, call);
  if ('kind' in registration) return registration;
  if (registration.captures.length === 0) {
    return kernel.report({
      rule: 'npi-not-captured',
      severity: 'error',
      message:
        'WskReleaseProviderNPI was called without a successful WskCaptureProviderNPI that is still to be released.',
      docRules: ['R02'],
    });
  }
  registration.captures.pop();
  registration.released = { span: call.site.span, statements: kernel.machine.statements };
  wakeDeregister(kernel, registration.id);
  return returnsVoid;
};

const WskQueryProviderCharacteristics: Api = (kernel, call) => {
  const registration = registrationFor(kernel, call);
  if ('kind' in registration) return registration;
  if (!isReady(kernel)) return returns(ntstatus(kernel, 'STATUS_DEVICE_NOT_READY'));
  const view = kernel.view('WSK_PROVIDER_CHARACTERISTICS', call.arguments.pointer(1));
  view.set('HighestVersion', WSK_VERSION);
  view.set('LowestVersion', WSK_VERSION);
  return returns(ntstatus(kernel, 'STATUS_SUCCESS'));
};

export const npiApis = { WskCaptureProviderNPI, WskReleaseProviderNPI, WskQueryProviderCharacteristics };
export const npiContinuations = { 'wsk.captureAgain': captureAgain, 'wsk.wake': wake };

/** Captures if that can be decided now; undefined while WSK has not started. */
function captureNow(
  kernel: Kernel,
  registration: Registration,
  npi: GuestAddress,
  span: NativeCall['site']['span'],
): NativeResult | undefined {
  if (registration.state !== 'registered') return returns(ntstatus(kernel, 'STATUS_DEVICE_NOT_READY'));
  if (!isReady(kernel)) return undefined;
  if (registration.version !== WSK_VERSION) return returns(ntstatus(kernel, 'STATUS_NOINTERFACE'));
  registration.captures.push({ span });
  const view = kernel.view('WSK_PROVIDER_NPI', npi);
  view.set('Client', registration.client.start);
  view.set('Dispatch', wskState(kernel).providerTable);
  return returns(ntstatus(kernel, 'STATUS_SUCCESS'));
}

function isReady(kernel: Kernel): boolean {
  return kernel.timeNs >= wskState(kernel).options.readyAfterNs;
}
