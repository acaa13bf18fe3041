/* Devices of drivers that a port driver owns, and that use KMDF for the rest. */
#pragma once

_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS WdfDeviceMiniportCreate(
    _In_ WDFDRIVER Driver, _In_opt_ PWDF_OBJECT_ATTRIBUTES Attributes, _In_ PDEVICE_OBJECT DeviceObject,
    _In_opt_ PDEVICE_OBJECT AttachedDeviceObject, _In_opt_ PDEVICE_OBJECT Pdo, _Out_ WDFDEVICE *Device);
VOID WdfDriverMiniportUnload(_In_ WDFDRIVER Driver);
