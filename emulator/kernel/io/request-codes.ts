/** Numbers of the DDI that say what a request is: IRP_MJ_… and the METHOD_… in a control code. */

/** IRP_MJ_… by what people call them. */
export const majors = {
  create: 0x00,
  close: 0x02,
  read: 0x03,
  write: 0x04,
  flush: 0x09,
  'fs-control': 0x0d,
  control: 0x0e,
  'internal-control': 0x0f,
  cleanup: 0x12,
  power: 0x16,
  pnp: 0x1b,
} as const;

/** Entries of a dispatch table: IRP_MJ_MAXIMUM_FUNCTION and one more. */
export const majorFunctions = 0x1c;

/** How the buffers of a control code come: its two lowest bits. */
export const methods = { buffered: 0, 'in-direct': 1, 'out-direct': 2, neither: 3 } as const;

/** The second buffer comes as an MDL. */
export function isDirect(method: number): boolean {
  return method === methods['in-direct'] || method === methods['out-direct'];
}

export function methodOf(controlCode: number): number {
  return controlCode & 3;
}
