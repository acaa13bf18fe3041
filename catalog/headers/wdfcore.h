/* Time in units of 100 nanoseconds, negative where it counts from now, and steps along memory. */
#pragma once

#define WDF_TIMEOUT_TO_US ((LONGLONG)10)
#define WDF_TIMEOUT_TO_MS (1000 * WDF_TIMEOUT_TO_US)
#define WDF_TIMEOUT_TO_SEC (1000 * WDF_TIMEOUT_TO_MS)
#define WDF_PTR_ADD_OFFSET_TYPE(Pointer, Offset, Type) ((Type)((PUCHAR)(Pointer) + (Offset)))
#define WDF_PTR_ADD_OFFSET(Pointer, Offset) WDF_PTR_ADD_OFFSET_TYPE(Pointer, Offset, PVOID)
#define WDF_PTR_GET_OFFSET(Base, Address) ((size_t)((PUCHAR)(Address) - (PUCHAR)(Base)))
FORCEINLINE LONGLONG WDF_ABS_TIMEOUT_IN_US(_In_ ULONGLONG Time) {
  return (LONGLONG)Time * WDF_TIMEOUT_TO_US;
}
FORCEINLINE LONGLONG WDF_ABS_TIMEOUT_IN_MS(_In_ ULONGLONG Time) {
  return (LONGLONG)Time * WDF_TIMEOUT_TO_MS;
}
FORCEINLINE LONGLONG WDF_ABS_TIMEOUT_IN_SEC(_In_ ULONGLONG Time) {
  return (LONGLONG)Time * WDF_TIMEOUT_TO_SEC;
}
FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_US(_In_ ULONGLONG Time) {
  return -WDF_ABS_TIMEOUT_IN_US(Time);
}
FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_MS(_In_ ULONGLONG Time) {
  return -WDF_ABS_TIMEOUT_IN_MS(Time);
}
FORCEINLINE LONGLONG WDF_REL_TIMEOUT_IN_SEC(_In_ ULONGLONG Time) {
  return -WDF_ABS_TIMEOUT_IN_SEC(Time);
}

size_t WDF_ALIGN_SIZE_DOWN(_In_ size_t Length, _In_ size_t AlignTo);
size_t WDF_ALIGN_SIZE_UP(_In_ size_t Length, _In_ size_t AlignTo);
