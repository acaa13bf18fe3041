/**
 * Power settings (PoRegisterPowerSettingCallback): the power manager tells a driver the present value of a setting at once,
 * and again whenever it changes, which in a run it never does. The machine is a desktop on mains, awake, its display on.
 */
import { type GuestAddress, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { guidText } from '../guid-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable } from '../kernel-types.ts';
import { createObject, dereferenceObject, objectAt } from '../ob/objects.ts';
import { currentSpan, functionName } from '../places.ts';
import { STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER } from '../statuses.ts';

/** Values of 4 bytes by setting. A driver that asks for another setting hears nothing of it. */
const values = new Map<string, number>([
  ['{5d3e9a59-e9d5-4b00-a6bd-ff34ff516548}', 0], // GUID_ACDC_POWER_SOURCE: mains
  ['{a7ad8041-b45a-4cae-87a3-eecbb468a9e1}', 100], // GUID_BATTERY_PERCENTAGE_REMAINING
  ['{6fe69556-704a-47a0-8f24-c28d936fda47}', 1], // GUID_CONSOLE_DISPLAY_STATE: on
  ['{02731015-4510-4526-99e6-e5a17ebd1aea}', 1], // GUID_MONITOR_POWER_ON
  ['{ba3e0f4d-b817-4094-a2d1-d56379e6a0f3}', 1], // GUID_LIDSWITCH_STATE_CHANGE: open
  ['{98a7f580-01f7-48aa-9c0f-44352c29e5c0}', 0], // GUID_SYSTEM_AWAYMODE
  ['{e00958c0-c213-4ace-ac77-fecced2eeea5}', 0], // GUID_POWER_SAVING_STATUS
  ['{786e8a1d-b427-4344-9207-09e70bdcbea9}', 0], // GUID_GLOBAL_USER_PRESENCE: present
]);
const personality = '{245d8541-3943-4422-b025-13a784f679b7}';
/** GUID_TYPICAL_POWER_SAVINGS, the balanced scheme, as its bytes. */
const balanced = [0x22, 0x42, 0x1b, 0x38, 0x94, 0xf6, 0xf0, 0x41, 0x96, 0x85, 0xff, 0x5b, 0xb2, 0x60, 0xdf, 0x2e];

export const powerSettingApis = {
  PoRegisterPowerSettingCallback: (kernel, { arguments: args }) => {
    const routine = args.pointer(2);
    const bytes = kernel.memory.readBytes(args.pointer(1), 16);
    const setting = guidText(bytes);
    const what = `The power setting callback ${functionName(kernel, routine)}`;
    const handle = createObject(kernel, 'registration', what, 16);
    const undo = 'PoUnregisterPowerSettingCallback';
    kernel.parts.registrations.set(handle, { address: handle, what, undo, registeredAt: currentSpan(kernel) });
    if (args.pointer(4) !== 0n) kernel.memory.writePointer(args.pointer(4), handle);
    const number = values.get(setting);
    if (number === undefined && setting !== personality) return returns(0);
    const value = number === undefined ? Uint8Array.from(balanced) : Uint8Array.of(number, 0, 0, 0);
    // The setting's name and its value, as the callback gets them; both go when it returns.
    const region = kernel.memory.allocate({
      size: 16 + value.length,
      kind: 'object',
      label: `power setting ${setting}`,
    });
    if (region === undefined) return returns(STATUS_INSUFFICIENT_RESOURCES);
    const valueAt = (region.start + 16n) as GuestAddress;
    kernel.memory.writeBytes(region.start, bytes);
    kernel.memory.writeBytes(valueAt, value);
    return {
      kind: 'call',
      target: routine,
      arguments: [region.start, valueAt, BigInt(value.length), args.uint64(3)],
      frameLabel: 'PoRegisterPowerSettingCallback',
      then: { name: 'po.setting-told', state: { memory: region.start } },
    };
  },
  PoUnregisterPowerSettingCallback: (kernel, { arguments: args }) => {
    const handle = args.pointer(0);
    if (objectAt(kernel, handle) === undefined) kernel.memory.readU8(handle);
    if (!kernel.parts.registrations.delete(handle)) return returns(STATUS_INVALID_PARAMETER);
    dereferenceObject(kernel, handle);
    return returns(0);
  },
} satisfies KernelApis;

export const powerSettingContinuations = {
  'po.setting-told': (kernel, _thread, state) => {
    const region = kernel.memory.regionAt((state.memory as GuestAddress | undefined) ?? NULL_ADDRESS);
    if (region !== undefined && !region.isFreed) kernel.memory.free(region);
    return returns(0);
  },
} satisfies ContinuationTable;
