/* What all objects of KMDF have: attributes, contexts, reference counts, parents. */
#pragma once

typedef enum _WDF_EXECUTION_LEVEL {
  WdfExecutionLevelInvalid,
  WdfExecutionLevelInheritFromParent,
  WdfExecutionLevelPassive,
  WdfExecutionLevelDispatch
} WDF_EXECUTION_LEVEL;

typedef enum _WDF_SYNCHRONIZATION_SCOPE {
  WdfSynchronizationScopeInvalid,
  WdfSynchronizationScopeInheritFromParent,
  WdfSynchronizationScopeDevice,
  WdfSynchronizationScopeQueue,
  WdfSynchronizationScopeNone
} WDF_SYNCHRONIZATION_SCOPE;

_IRQL_requires_same_ _IRQL_requires_max_(DISPATCH_LEVEL)
typedef VOID EVT_WDF_OBJECT_CONTEXT_CLEANUP(_In_ WDFOBJECT Object);
typedef EVT_WDF_OBJECT_CONTEXT_CLEANUP *PFN_WDF_OBJECT_CONTEXT_CLEANUP;
_IRQL_requires_same_ _IRQL_requires_max_(DISPATCH_LEVEL)
typedef VOID EVT_WDF_OBJECT_CONTEXT_DESTROY(_In_ WDFOBJECT Object);
typedef EVT_WDF_OBJECT_CONTEXT_DESTROY *PFN_WDF_OBJECT_CONTEXT_DESTROY;
typedef const struct _WDF_OBJECT_CONTEXT_TYPE_INFO *PCWDF_OBJECT_CONTEXT_TYPE_INFO;

typedef struct _WDF_OBJECT_ATTRIBUTES {
  ULONG Size;
  PFN_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanupCallback;
  PFN_WDF_OBJECT_CONTEXT_DESTROY EvtDestroyCallback;
  WDF_EXECUTION_LEVEL ExecutionLevel;
  WDF_SYNCHRONIZATION_SCOPE SynchronizationScope;
  WDFOBJECT ParentObject;
  size_t ContextSizeOverride;
  PCWDF_OBJECT_CONTEXT_TYPE_INFO ContextTypeInfo;
} WDF_OBJECT_ATTRIBUTES, *PWDF_OBJECT_ATTRIBUTES;

VOID WDF_OBJECT_ATTRIBUTES_INIT(_Out_ PWDF_OBJECT_ATTRIBUTES Attributes);
typedef PCWDF_OBJECT_CONTEXT_TYPE_INFO (__cdecl *PFN_GET_UNIQUE_CONTEXT_TYPE)(VOID);

typedef struct _WDF_OBJECT_CONTEXT_TYPE_INFO {
  ULONG Size;
  LPCSTR ContextName;
  size_t ContextSize;
  PCWDF_OBJECT_CONTEXT_TYPE_INFO UniqueType;
  PFN_GET_UNIQUE_CONTEXT_TYPE EvtDriverGetUniqueContextType;
} WDF_OBJECT_CONTEXT_TYPE_INFO, *PWDF_OBJECT_CONTEXT_TYPE_INFO;

typedef struct _WDF_CUSTOM_TYPE_CONTEXT {
  ULONG Size;
  ULONG_PTR Data;
} WDF_CUSTOM_TYPE_CONTEXT, *PWDF_CUSTOM_TYPE_CONTEXT;

_IRQL_requires_max_(HIGH_LEVEL)
PVOID WdfObjectGetTypedContextWorker(_In_ WDFOBJECT Handle, _In_ PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfObjectAllocateContext(
    _In_ WDFOBJECT Handle, _In_ PWDF_OBJECT_ATTRIBUTES ContextAttributes, _Outptr_opt_ PVOID *Context);
_IRQL_requires_max_(HIGH_LEVEL)
WDFOBJECT WdfObjectContextGetObject(_In_ PVOID ContextPointer);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectReferenceActual(_In_ WDFOBJECT Handle, _In_opt_ PVOID Tag, _In_ LONG Line, _In_z_ PCCH File);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectDereferenceActual(_In_ WDFOBJECT Handle, _In_opt_ PVOID Tag, _In_ LONG Line, _In_z_ PCCH File);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfObjectCreate(_In_opt_ PWDF_OBJECT_ATTRIBUTES Attributes, _Out_ WDFOBJECT *Object);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfObjectDelete(_In_ WDFOBJECT Object);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfObjectQuery(
    _In_ WDFOBJECT Object, _In_ const GUID *Guid, _In_ ULONG QueryBufferLength,
    _Out_writes_bytes_(QueryBufferLength) PVOID QueryBuffer);

#define WdfObjectReferenceWithTag(Handle, Tag) WdfObjectReferenceActual(Handle, Tag, __LINE__, __FILE__)
#define WdfObjectReference(Handle) WdfObjectReferenceWithTag(Handle, NULL)
#define WdfObjectDereferenceWithTag(Handle, Tag) WdfObjectDereferenceActual(Handle, Tag, __LINE__, __FILE__)
#define WdfObjectDereference(Handle) WdfObjectDereferenceWithTag(Handle, NULL)

/* A context is a structure of the driver's own that an object carries: its type, and the function that finds it. */
#define WDF_TYPE_NAME_TO_TYPE_INFO(Type) _WDF_##Type##_TYPE_INFO
#define WDF_TYPE_NAME_TO_EXTERNAL_INIT(Type) _WDF_##Type##_EXTERNAL_INIT
#define WDF_TYPE_NAME_TO_EXTERNAL_INIT_FUNCTION(Type) Type##_EXTERNAL_INIT_FUNCTION
#define WDF_TYPE_NAME_POINTER_TYPE(Type) WDF_POINTER_TYPE_##Type
#define WDF_GET_CONTEXT_TYPE_INFO(Type) (&WDF_TYPE_NAME_TO_TYPE_INFO(Type))
#define WDF_DECLARE_CASTING_FUNCTION(Type, Function) \
  EXTERN_C __drv_aliasesMem WDF_TYPE_NAME_POINTER_TYPE(Type) Function(_In_ WDFOBJECT Handle);
#define WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Type, Function) \
  typedef Type *WDF_TYPE_NAME_POINTER_TYPE(Type); \
  EXTERN_C const WDF_OBJECT_CONTEXT_TYPE_INFO WDF_TYPE_NAME_TO_TYPE_INFO(Type); \
  WDF_DECLARE_CASTING_FUNCTION(Type, Function)
#define WDF_DECLARE_SHARED_CONTEXT_TYPE_WITH_NAME(Type, Function) WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Type, Function)
#define WDF_DECLARE_CONTEXT_TYPE(Type) WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Type, WdfObjectGet_##Type)
#define WdfObjectGetTypedContext(Handle, Type) \
  ((Type *)WdfObjectGetTypedContextWorker((WDFOBJECT)(Handle), WDF_GET_CONTEXT_TYPE_INFO(Type)->UniqueType))
#define WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(Attributes, Type) \
  (Attributes)->ContextTypeInfo = WDF_GET_CONTEXT_TYPE_INFO(Type)->UniqueType
/* Two statements, which braces must hold together behind an if. */
#define WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, Type) \
  WDF_OBJECT_ATTRIBUTES_INIT(Attributes); \
  WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(Attributes, Type)

/* Custom types: a mark and a number that a driver gives to objects. */
#define WDF_CUSTOM_TYPE_CONTEXT_NAME(Type) WdfCustomType_##Type
#define WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(Type) WdfObjectGetCustomType_##Type
#define WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(Type) WdfObjectAddCustomType_##Type
#define WDF_DECLARE_CUSTOM_TYPE(Type) \
  typedef WDF_CUSTOM_TYPE_CONTEXT WdfCustomType_##Type; \
  WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(WdfCustomType_##Type, WdfObjectGetCustomType_##Type) \
  EXTERN_C NTSTATUS WdfObjectAddCustomType_##Type(_In_ WDFOBJECT Handle, _In_opt_ ULONG_PTR Data, \
                                                  _In_opt_ PFN_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanupCallback, \
                                                  _In_opt_ PFN_WDF_OBJECT_CONTEXT_DESTROY EvtDestroyCallback);
#define WdfObjectIsCustomType(Handle, Type) \
  ((BOOLEAN)(WdfObjectGetTypedContext(Handle, WDF_CUSTOM_TYPE_CONTEXT_NAME(Type)) != NULL))
#define WdfObjectAddCustomTypeWithData(Handle, Type, Data, Cleanup, Destroy) \
  WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(Type)(Handle, Data, Cleanup, Destroy)
#define WdfObjectAddCustomType(Handle, Type) WdfObjectAddCustomTypeWithData(Handle, Type, 0, NULL, NULL)
#define WdfObjectGetCustomTypeData(Handle, Type) (WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(Type)(Handle)->Data)
