/* What the framework keeps for the driver as a whole, and what the framework that runs has. */
#pragma once

#define WDF_DRIVER_GLOBALS_NAME_LEN 32

typedef VOID (*WDFFUNC)(VOID);
typedef struct _WDF_DRIVER_GLOBALS {
  WDFDRIVER Driver;
  ULONG DriverFlags;
  ULONG DriverTag;
  CHAR DriverName[WDF_DRIVER_GLOBALS_NAME_LEN];
  BOOLEAN DisplaceDriverUnload;
} WDF_DRIVER_GLOBALS, *PWDF_DRIVER_GLOBALS;

extern PWDF_DRIVER_GLOBALS WdfDriverGlobals;
extern const WDFFUNC *WdfFunctions;
extern WDFFUNC WdfDriverMiniportUnloadOverride;
extern BOOLEAN WdfClientVersionHigherThanFramework;
extern ULONG WdfFunctionCount;
extern ULONG WdfStructureCount;
extern WDF_STRUCT_INFO WdfStructures;

#define WDF_STRUCTURE_SIZE(StructName) ((ULONG)sizeof(StructName))
#define WDF_IS_FUNCTION_AVAILABLE(FunctionName) ((void)&(FunctionName), !WdfClientVersionHigherThanFramework)
#define WDF_IS_STRUCTURE_AVAILABLE(StructName) (sizeof(StructName) != 0 && !WdfClientVersionHigherThanFramework)
#define WDF_IS_FIELD_AVAILABLE(StructName, FieldName) \
  (FIELD_OFFSET(StructName, FieldName) >= 0 && !WdfClientVersionHigherThanFramework)

#define WDFVERIFY(Expression) ((VOID)(!(WdfDriverGlobals->DriverFlags & WdfVerifyOn) || (Expression)))
#define VERIFY_IS_IRQL_PASSIVE_LEVEL() WDFVERIFY(KeGetCurrentIrql() == PASSIVE_LEVEL)
#define IS_AT_PASSIVE() VERIFY_IS_IRQL_PASSIVE_LEVEL()
#define WDFCASSERT(Condition) C_ASSERT(Condition)

VOID WdfVerifierDbgBreakPoint(VOID);
VOID WdfVerifierKeBugCheck(_In_ ULONG BugCheckCode, _In_ ULONG_PTR BugCheckParameter1,
                           _In_ ULONG_PTR BugCheckParameter2, _In_ ULONG_PTR BugCheckParameter3,
                           _In_ ULONG_PTR BugCheckParameter4);
PVOID WdfGetTriageInfo(VOID);
