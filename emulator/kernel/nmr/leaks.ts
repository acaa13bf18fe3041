/** What the driver still has with the Network Module Registrar when it is unloaded: the registrar calls its code later. */
import { sentence } from '../../../base/sentence.ts';
import { bugCheck } from '../bug-checks.ts';
import type { Kernel } from '../kernel-types.ts';
import { bindingsOf, moduleHistory, sideNames } from './nmr-state.ts';

/** One finding for each module; `left` records it. */
export function networkModulesLeft(
  kernel: Kernel,
  left: (finding: Omit<Parameters<Kernel['report']>[0], 'severity'>) => void,
): void {
  for (const module of kernel.parts.nmr.modules) {
    if (module.isSystem || module.state === 'gone') continue;
    const { deregister, wait } = sideNames[module.kind];
    const isRegistered = module.state === 'registered';
    const open = bindingsOf(kernel, module).length;
    const still = open === 0 ? '' : ` (${open === 1 ? '1 binding' : `${open} bindings`} not ended)`;
    left({
      rule: isRegistered ? 'callback-outlives-driver' : 'deregister-wait-missing',
      message: isRegistered
        ? `${sentence(module.text)} is still registered when the driver is unloaded: ${deregister} and ${wait} are missing.`
        : `The driver is unloaded while ${module.text} is being deregistered${still}: ${deregister} returned STATUS_PENDING, and ${wait} must return before the driver may go.`,
      span: isRegistered ? module.registeredAt : module.deregisteredAt,
      also: ['0xCE'],
      bugCheck: bugCheck('DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS', module.detach, 8, 0, 0),
      history: moduleHistory(module),
    });
  }
}
