/* Control devices, which belong to no hardware. */
#pragma once

_IRQL_requires_same_ _IRQL_requires_max_(PASSIVE_LEVEL)
typedef VOID EVT_WDF_DEVICE_SHUTDOWN_NOTIFICATION(_In_ WDFDEVICE Device);
typedef EVT_WDF_DEVICE_SHUTDOWN_NOTIFICATION *PFN_WDF_DEVICE_SHUTDOWN_NOTIFICATION;

typedef enum _WDF_DEVICE_SHUTDOWN_FLAGS {
  WdfDeviceShutdown = 0x01,
  WdfDeviceLastChanceShutdown
} WDF_DEVICE_SHUTDOWN_FLAGS;

_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
PWDFDEVICE_INIT WdfControlDeviceInitAllocate(_In_ WDFDRIVER Driver, _In_ const UNICODE_STRING *SDDLString);
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID WdfControlDeviceInitSetShutdownNotification(
    _In_ PWDFDEVICE_INIT DeviceInit, _In_ PFN_WDF_DEVICE_SHUTDOWN_NOTIFICATION Notification, _In_ UCHAR Flags);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfControlFinishInitializing(_In_ WDFDEVICE Device);
