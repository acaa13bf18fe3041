/* gcc: no, it has no SAL. Annotations in every place where drivers write them; they change nothing. */
#include "check.h"
#include <ntddk.h>

_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_ _Success_(return >= 0)
static NTSTATUS copy(_Out_writes_bytes_to_(Size, *Written) PVOID To, _In_ SIZE_T Size, _Out_ PSIZE_T Written, _In_reads_bytes_opt_(Size) const VOID *From);
_Use_decl_annotations_ static NTSTATUS copy(PVOID To, SIZE_T Size, PSIZE_T Written, const VOID *From) {
  RtlCopyMemory(To, From, Size);
  *Written = Size;
  return STATUS_SUCCESS;
}
_Function_class_(DRIVER_UNLOAD) _IRQL_requires_(PASSIVE_LEVEL) _IRQL_requires_same_ static VOID unload(_In_ struct _DRIVER_OBJECT *Object) { UNREFERENCED_PARAMETER(Object); }
typedef _Struct_size_bytes_(Size) struct _BLOCK { ULONG Size; _Field_size_(Size) UCHAR *Data; _Field_range_(0, 10) ULONG Level; _Guarded_by_(Lock) ULONG Count; KSPIN_LOCK Lock; } BLOCK;
_When_(Wait == TRUE, _IRQL_requires_max_(PASSIVE_LEVEL)) _When_(Wait == FALSE, _IRQL_requires_max_(DISPATCH_LEVEL))
static int when(_In_ BOOLEAN Wait, _When_(Wait, _Out_) _When_(!Wait, _Out_opt_) int *Result) { if (Result) *Result = Wait; return Wait; }
_At_(*Value, _Post_satisfies_(*Value == 5)) static void five(_Inout_ int *Value) { *Value = 5; }
_Ret_maybenull_ _Post_writable_byte_size_(Size) static void *maybe(_In_ SIZE_T Size, _In_opt_z_ PCSTR Name, _In_range_(<=, 10) int Level) { (void)Name; return Size > (SIZE_T)Level ? NULL : (void *)1; }
_Acquires_lock_(*Lock) _Requires_lock_not_held_(*Lock) static void lock(_Inout_ int *Lock) { *Lock = 1; }
_Ret_z_ _Check_return_ static const char *_Nullterminated_like(void) { return "z"; }
__drv_maxIRQL(DISPATCH_LEVEL) __drv_reportError("never") static int old_style(_In_ int a, _Out_opt_ int *b, char *c, __drv_aliasesMem void *d) { if (b) *b = a; return c == d; }
static int with_local(_In_ IN CONST INT A, OUT OPTIONAL INT *B) { _Analysis_assume_(A > 0); __analysis_assume(A > 0); if (B) *B = A; return A; }

int main(void) {
  char to[4]; SIZE_T written; int n = 0;
  CHECK(copy(to, 4, &written, "abc"), 0); CHECK(written, 4); CHECK_TEXT(to, "abc"); unload(NULL);
  BLOCK block = {4, (UCHAR *)to, 1, 2}; CHECK(block.Count, 2); CHECK(when(TRUE, &n), 1); CHECK(n, 1); five(&n); CHECK(n, 5);
  CHECK(maybe(11, NULL, 10) == NULL, 1); lock(&n); CHECK(n, 1); CHECK_TEXT(_Nullterminated_like(), "z");
  CHECK(old_style(3, &n, to, to), 1); CHECK(n, 3); CHECK(with_local(4, &n), 4);
  C_ASSERT(sizeof(BLOCK) == 32); NT_ASSERT(n == 4); PAGED_CODE_LOCKED_OR_NOT: CHECK(n, 4);
  DONE();
}
