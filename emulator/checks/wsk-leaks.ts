/**
 * What a driver must have given back to WSK when it is unloaded: registrations, sockets, captured NPIs, cached security
 * descriptors, address lists. Reads the state of WSK and changes nothing.
 */
import { sentence } from '../../base/sentence.ts';
import type { Kernel } from '../kernel/kernel-types.ts';
import { placeText } from '../wsk/places.ts';
import { type Registration, socketText, type WskState, wskState } from '../wsk/state.ts';

type Leak = Omit<Parameters<Kernel['report']>[0], 'severity'>;

/** Reports every one of them; the run is over anyway, so none hides the others. */
export function reportWskLeaks(kernel: Kernel): void {
  const state = wskState(kernel);
  for (const registration of state.registrations.values()) {
    if (registration.state === 'registered')
      for (const leak of registrationLeaks(state, registration)) left(kernel, leak);
  }
  for (const { cachedAt } of state.descriptors.values()) {
    left(kernel, {
      rule: 'security-descriptor-leak',
      message:
        'A security descriptor of WSK_CACHE_SD is not given back with WSK_RELEASE_SD when the driver is unloaded.',
      span: cachedAt,
      docRules: ['R77'],
    });
  }
  for (const { span } of state.addressLists.values()) {
    left(kernel, {
      rule: 'address-info-leak',
      message: 'A list of WskGetAddressInfo is not freed with WskFreeAddressInfo when the driver is unloaded.',
      span,
      docRules: ['R59'],
    });
  }
}

function registrationLeaks(state: WskState, registration: Registration): Leak[] {
  // The Network Module Registrar tells of its own registrations.
  const isOwn = registration.binding === undefined;
  const leaks: Leak[] = !isOwn
    ? []
    : [
        {
          rule: 'wsk-registration-leak',
          message: 'The driver is unloaded while it is registered with WSK: WskDeregister is missing.',
          span: registration.registeredAt,
          docRules: ['R01'],
          also: ['0xCE'],
          bugCheck: {
            code: 0xce,
            name: 'DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS',
            parameters: [],
          },
        },
      ];
  for (const socket of state.sockets.values()) {
    if (socket.registration !== registration.id || socket.state === 'closed') continue;
    leaks.push({
      rule: 'socket-leak',
      message: `${sentence(socketText(socket))} is still open when the driver is unloaded; it was created at ${placeText(socket.createdAt)}.`,
      span: socket.createdAt,
      docRules: ['R79'],
    });
  }
  for (const { span } of isOwn ? registration.captures : []) {
    leaks.push({
      rule: 'npi-leak',
      message: 'The provider NPI is still captured when the driver is unloaded: WskReleaseProviderNPI is missing.',
      span,
      docRules: ['R02'],
    });
  }
  return leaks;
}

function left(kernel: Kernel, leak: Leak): void {
  const { stop } = kernel.parts;
  kernel.report({ severity: 'error', ...leak });
  kernel.parts.stop = stop;
}
