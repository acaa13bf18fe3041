/**
 * Functions that are called through a dispatch table: WskSend, whose pointer has the type PFN_WSK_SEND. By that name
 * alone they are known; the tables have members of these types.
 */

/** The type of the pointer to a function of this name: "PFN_WSK_SEND" for WskSend. */
export function pointerTypeOf(name: string): string {
  return `PFN_${name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;
}
