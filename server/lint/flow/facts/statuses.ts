/** The status values that the engine itself knows; signed, as values are kept. */
export const STATUS_PENDING = 0x103n;
export const STATUS_TIMEOUT = 0x102n;
export const STATUS_MORE_PROCESSING_REQUIRED = -1073741802n;
