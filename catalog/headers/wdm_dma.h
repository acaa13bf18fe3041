/* DMA: an adapter object, its table of operations (versions 1 and 2), and scatter-gather lists. */
#pragma once

#define DEVICE_DESCRIPTION_VERSION 0x0000
#define DEVICE_DESCRIPTION_VERSION1 0x0001
#define DEVICE_DESCRIPTION_VERSION2 0x0002
#define DEVICE_DESCRIPTION_VERSION3 0x0003
#define DMA_TRANSFER_CONTEXT_VERSION1 1
#define DMA_TRANSFER_CONTEXT_SIZE_V1 128

typedef enum _DMA_WIDTH {
  Width8Bits,
  Width16Bits,
  Width32Bits,
  Width64Bits,
  WidthNoWrap,
  MaximumDmaWidth
} DMA_WIDTH, *PDMA_WIDTH;

typedef enum _DMA_SPEED { Compatible, TypeA, TypeB, TypeC, TypeF, MaximumDmaSpeed } DMA_SPEED, *PDMA_SPEED;

typedef struct _DEVICE_DESCRIPTION {
  ULONG Version;
  BOOLEAN Master;
  BOOLEAN ScatterGather;
  BOOLEAN DemandMode;
  BOOLEAN AutoInitialize;
  BOOLEAN Dma32BitAddresses;
  BOOLEAN IgnoreCount;
  BOOLEAN Reserved1;
  BOOLEAN Dma64BitAddresses;
  ULONG BusNumber;
  ULONG DmaChannel;
  INTERFACE_TYPE InterfaceType;
  DMA_WIDTH DmaWidth;
  DMA_SPEED DmaSpeed;
  ULONG MaximumLength;
  ULONG DmaPort;
  ULONG DmaAddressWidth;
  ULONG DmaControllerInstance;
  ULONG DmaRequestLine;
  PHYSICAL_ADDRESS DeviceAddress;
} DEVICE_DESCRIPTION, *PDEVICE_DESCRIPTION;

typedef struct _SCATTER_GATHER_ELEMENT {
  PHYSICAL_ADDRESS Address;
  ULONG Length;
  ULONG_PTR Reserved;
} SCATTER_GATHER_ELEMENT, *PSCATTER_GATHER_ELEMENT;

typedef struct _SCATTER_GATHER_LIST {
  ULONG NumberOfElements;
  ULONG_PTR Reserved;
  SCATTER_GATHER_ELEMENT Elements[1];
} SCATTER_GATHER_LIST, *PSCATTER_GATHER_LIST;

_Function_class_(DRIVER_LIST_CONTROL) _IRQL_requires_(DISPATCH_LEVEL) _IRQL_requires_same_
typedef VOID NTAPI DRIVER_LIST_CONTROL(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp,
                                       _In_ PSCATTER_GATHER_LIST ScatterGather, _In_ PVOID Context);
typedef DRIVER_LIST_CONTROL *PDRIVER_LIST_CONTROL;

_IRQL_requires_max_(DISPATCH_LEVEL)
typedef VOID(NTAPI *PPUT_DMA_ADAPTER)(_In_ PDMA_ADAPTER DmaAdapter);
_IRQL_requires_max_(PASSIVE_LEVEL)
typedef PVOID(NTAPI *PALLOCATE_COMMON_BUFFER)(_In_ PDMA_ADAPTER DmaAdapter, _In_ ULONG Length,
                                              _Out_ PPHYSICAL_ADDRESS LogicalAddress, _In_ BOOLEAN CacheEnabled);
_IRQL_requires_max_(PASSIVE_LEVEL)
typedef VOID(NTAPI *PFREE_COMMON_BUFFER)(_In_ PDMA_ADAPTER DmaAdapter, _In_ ULONG Length,
                                         _In_ PHYSICAL_ADDRESS LogicalAddress, _In_ PVOID VirtualAddress,
                                         _In_ BOOLEAN CacheEnabled);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef NTSTATUS(NTAPI *PALLOCATE_ADAPTER_CHANNEL)(_In_ PDMA_ADAPTER DmaAdapter, _In_ PDEVICE_OBJECT DeviceObject,
                                                   _In_ ULONG NumberOfMapRegisters,
                                                   _In_ PDRIVER_CONTROL ExecutionRoutine, _In_ PVOID Context);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef BOOLEAN(NTAPI *PFLUSH_ADAPTER_BUFFERS)(_In_ PDMA_ADAPTER DmaAdapter, _In_ PMDL Mdl, _In_ PVOID MapRegisterBase,
                                               _In_ PVOID CurrentVa, _In_ ULONG Length, _In_ BOOLEAN WriteToDevice);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef VOID(NTAPI *PFREE_ADAPTER_CHANNEL)(_In_ PDMA_ADAPTER DmaAdapter);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef VOID(NTAPI *PFREE_MAP_REGISTERS)(_In_ PDMA_ADAPTER DmaAdapter, _In_ PVOID MapRegisterBase,
                                         _In_ ULONG NumberOfMapRegisters);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef PHYSICAL_ADDRESS(NTAPI *PMAP_TRANSFER)(_In_ PDMA_ADAPTER DmaAdapter, _In_ PMDL Mdl, _In_ PVOID MapRegisterBase,
                                               _In_ PVOID CurrentVa, _Inout_ PULONG Length, _In_ BOOLEAN WriteToDevice);
_IRQL_requires_max_(PASSIVE_LEVEL)
typedef ULONG(NTAPI *PGET_DMA_ALIGNMENT)(_In_ PDMA_ADAPTER DmaAdapter);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef ULONG(NTAPI *PREAD_DMA_COUNTER)(_In_ PDMA_ADAPTER DmaAdapter);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef NTSTATUS(NTAPI *PGET_SCATTER_GATHER_LIST)(_In_ PDMA_ADAPTER DmaAdapter, _In_ PDEVICE_OBJECT DeviceObject,
                                                  _In_ PMDL Mdl, _In_ PVOID CurrentVa, _In_ ULONG Length,
                                                  _In_ PDRIVER_LIST_CONTROL ExecutionRoutine, _In_ PVOID Context,
                                                  _In_ BOOLEAN WriteToDevice);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef VOID(NTAPI *PPUT_SCATTER_GATHER_LIST)(_In_ PDMA_ADAPTER DmaAdapter, _In_ PSCATTER_GATHER_LIST ScatterGather,
                                              _In_ BOOLEAN WriteToDevice);
_IRQL_requires_max_(HIGH_LEVEL)
typedef NTSTATUS(NTAPI *PCALCULATE_SCATTER_GATHER_LIST_SIZE)(_In_ PDMA_ADAPTER DmaAdapter, _In_opt_ PMDL Mdl,
                                                             _In_ PVOID CurrentVa, _In_ ULONG Length,
                                                             _Out_ PULONG ScatterGatherListSize,
                                                             _Out_opt_ PULONG pNumberOfMapRegisters);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef NTSTATUS(NTAPI *PBUILD_SCATTER_GATHER_LIST)(_In_ PDMA_ADAPTER DmaAdapter, _In_ PDEVICE_OBJECT DeviceObject,
                                                    _In_ PMDL Mdl, _In_ PVOID CurrentVa, _In_ ULONG Length,
                                                    _In_ PDRIVER_LIST_CONTROL ExecutionRoutine, _In_ PVOID Context,
                                                    _In_ BOOLEAN WriteToDevice, _In_ PVOID ScatterGatherBuffer,
                                                    _In_ ULONG ScatterGatherLength);
_IRQL_requires_max_(DISPATCH_LEVEL)
typedef NTSTATUS(NTAPI *PBUILD_MDL_FROM_SCATTER_GATHER_LIST)(_In_ PDMA_ADAPTER DmaAdapter,
                                                             _In_ PSCATTER_GATHER_LIST ScatterGather,
                                                             _In_ PMDL OriginalMdl, _Out_ PMDL *TargetMdl);

typedef struct _DMA_OPERATIONS {
  ULONG Size;
  PPUT_DMA_ADAPTER PutDmaAdapter;
  PALLOCATE_COMMON_BUFFER AllocateCommonBuffer;
  PFREE_COMMON_BUFFER FreeCommonBuffer;
  PALLOCATE_ADAPTER_CHANNEL AllocateAdapterChannel;
  PFLUSH_ADAPTER_BUFFERS FlushAdapterBuffers;
  PFREE_ADAPTER_CHANNEL FreeAdapterChannel;
  PFREE_MAP_REGISTERS FreeMapRegisters;
  PMAP_TRANSFER MapTransfer;
  PGET_DMA_ALIGNMENT GetDmaAlignment;
  PREAD_DMA_COUNTER ReadDmaCounter;
  PGET_SCATTER_GATHER_LIST GetScatterGatherList;
  PPUT_SCATTER_GATHER_LIST PutScatterGatherList;
  PCALCULATE_SCATTER_GATHER_LIST_SIZE CalculateScatterGatherList;
  PBUILD_SCATTER_GATHER_LIST BuildScatterGatherList;
  PBUILD_MDL_FROM_SCATTER_GATHER_LIST BuildMdlFromScatterGatherList;
} DMA_OPERATIONS, *PDMA_OPERATIONS;

typedef struct _DMA_ADAPTER {
  USHORT Version;
  USHORT Size;
  struct _DMA_OPERATIONS *DmaOperations;
} DMA_ADAPTER;

_IRQL_requires_max_(PASSIVE_LEVEL)
NTKERNELAPI PDMA_ADAPTER NTAPI IoGetDmaAdapter(_In_opt_ PDEVICE_OBJECT PhysicalDeviceObject,
                                               _In_ PDEVICE_DESCRIPTION DeviceDescription,
                                               _Out_ PULONG NumberOfMapRegisters);

_Function_class_(TRANSLATE_BUS_ADDRESS) _IRQL_requires_max_(PASSIVE_LEVEL)
typedef BOOLEAN NTAPI TRANSLATE_BUS_ADDRESS(_In_ PVOID Context, _In_ PHYSICAL_ADDRESS BusAddress, _In_ ULONG Length,
                                            _Inout_ PULONG AddressSpace, _Out_ PPHYSICAL_ADDRESS TranslatedAddress);
typedef TRANSLATE_BUS_ADDRESS *PTRANSLATE_BUS_ADDRESS;

_Function_class_(GET_DMA_ADAPTER) _IRQL_requires_max_(PASSIVE_LEVEL)
typedef PDMA_ADAPTER NTAPI GET_DMA_ADAPTER(_In_ PVOID Context, _In_ PDEVICE_DESCRIPTION DeviceDescriptor,
                                           _Out_ PULONG NumberOfMapRegisters);
typedef GET_DMA_ADAPTER *PGET_DMA_ADAPTER;

_Function_class_(GET_SET_DEVICE_DATA)
typedef ULONG NTAPI GET_SET_DEVICE_DATA(_In_ PVOID Context, _In_ ULONG DataType, _In_ PVOID Buffer, _In_ ULONG Offset,
                                        _In_ ULONG Length);
typedef GET_SET_DEVICE_DATA *PGET_SET_DEVICE_DATA;

typedef struct _BUS_INTERFACE_STANDARD {
  USHORT Size;
  USHORT Version;
  PVOID Context;
  PINTERFACE_REFERENCE InterfaceReference;
  PINTERFACE_DEREFERENCE InterfaceDereference;
  PTRANSLATE_BUS_ADDRESS TranslateBusAddress;
  PGET_DMA_ADAPTER GetDmaAdapter;
  PGET_SET_DEVICE_DATA SetBusData;
  PGET_SET_DEVICE_DATA GetBusData;
} BUS_INTERFACE_STANDARD, *PBUS_INTERFACE_STANDARD;
