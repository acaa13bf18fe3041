/** The client that a provider function was given, and whether it may still call through the dispatch table. */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { bindingAt, moduleHistory } from '../../kernel/nmr/nmr-state.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type NativeResult, returns } from '../../machine/native.ts';
import { type Registration, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';

/** STATUS_INVALID_HANDLE for a Client that is none, with the IRP left alone, as Windows does it. */
export function clientOf(kernel: Kernel, call: NativeCall): Registration | NativeResult {
  const address = call.arguments.pointer(0);
  const registration = [...wskState(kernel).registrations.values()].find((r) => r.client.start === address);
  if (registration === undefined) return returns(ntstatus(kernel, 'STATUS_INVALID_HANDLE'));
  const binding = registration.binding === undefined ? undefined : bindingAt(kernel, registration.binding);
  if (binding?.client.state === 'detached') {
    return kernel.report({
      rule: 'npi-after-release',
      severity: 'error',
      message: `${call.name} was called through the provider's dispatch table after the client had detached from WSK: WSK may be gone. ClientDetachProvider returns STATUS_PENDING, and NmrClientDetachProviderComplete is called when all such calls are over.`,
      docRules: ['R03'],
      history: moduleHistory(binding.client.module),
    });
  }
  if (registration.captures.length === 0) {
    return kernel.report({
      rule: 'npi-after-release',
      severity: 'error',
      message: `${call.name} was called through the provider's dispatch table after WskReleaseProviderNPI: WSK may be gone. Release it when all work that uses it is over.`,
      docRules: ['R03'],
      history:
        registration.released === undefined
          ? []
          : [{ what: 'released by WskReleaseProviderNPI here', ...registration.released }],
    });
  }
  return registration;
}
