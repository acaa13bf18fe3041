/* Arithmetic that says STATUS_INTEGER_OVERFLOW instead of wrapping; the result is then the largest value. */
#pragma once
#include <ntdef.h>
#include <ntstatus.h>

#define WSK_SAFE_ADD_(Name, Type, Maximum)                                                          \
  FORCEINLINE _Must_inspect_result_ NTSTATUS Name(_In_ Type Augend, _In_ Type Addend, _Out_ Type *Result) { \
    *Result = (Type)(Augend + Addend);                                                              \
    if (*Result >= Augend) return STATUS_SUCCESS;                                                   \
    *Result = Maximum;                                                                              \
    return STATUS_INTEGER_OVERFLOW;                                                                 \
  }
#define WSK_SAFE_SUB_(Name, Type, Maximum)                                                              \
  FORCEINLINE _Must_inspect_result_ NTSTATUS Name(_In_ Type Minuend, _In_ Type Subtrahend, _Out_ Type *Result) { \
    *Result = Minuend >= Subtrahend ? (Type)(Minuend - Subtrahend) : (Type)(Maximum);                   \
    return Minuend >= Subtrahend ? STATUS_SUCCESS : STATUS_INTEGER_OVERFLOW;                            \
  }
#define WSK_SAFE_MULT_(Name, Type, Maximum)                                                                     \
  FORCEINLINE _Must_inspect_result_ NTSTATUS Name(_In_ Type Multiplicand, _In_ Type Multiplier, _Out_ Type *Result) { \
    BOOLEAN fits = (BOOLEAN)(Multiplicand == 0 || Multiplier <= (Type)(Maximum) / Multiplicand);                \
    *Result = fits ? (Type)(Multiplicand * Multiplier) : (Type)(Maximum);                                       \
    return fits ? STATUS_SUCCESS : STATUS_INTEGER_OVERFLOW;                                                     \
  }
#define WSK_SAFE_NARROW_(Name, From, To, Maximum)                                          \
  FORCEINLINE _Must_inspect_result_ NTSTATUS Name(_In_ From Operand, _Out_ To *Result) {  \
    *Result = Operand <= (From)(Maximum) ? (To)Operand : (To)(Maximum);                    \
    return Operand <= (From)(Maximum) ? STATUS_SUCCESS : STATUS_INTEGER_OVERFLOW;          \
  }

WSK_SAFE_ADD_(RtlUShortAdd, USHORT, 0xffff)
WSK_SAFE_SUB_(RtlUShortSub, USHORT, 0xffff)
WSK_SAFE_ADD_(RtlULongAdd, ULONG, 0xffffffffUL)
WSK_SAFE_SUB_(RtlULongSub, ULONG, 0xffffffffUL)
WSK_SAFE_MULT_(RtlULongMult, ULONG, 0xffffffffUL)
WSK_SAFE_ADD_(RtlUIntAdd, UINT, 0xffffffffU)
WSK_SAFE_MULT_(RtlUIntMult, UINT, 0xffffffffU)
WSK_SAFE_ADD_(RtlULongLongAdd, ULONGLONG, 0xffffffffffffffffULL)
WSK_SAFE_SUB_(RtlULongLongSub, ULONGLONG, 0xffffffffffffffffULL)
WSK_SAFE_MULT_(RtlULongLongMult, ULONGLONG, 0xffffffffffffffffULL)
WSK_SAFE_ADD_(RtlSIZETAdd, SIZE_T, 0xffffffffffffffffULL)
WSK_SAFE_SUB_(RtlSIZETSub, SIZE_T, 0xffffffffffffffffULL)
WSK_SAFE_MULT_(RtlSIZETMult, SIZE_T, 0xffffffffffffffffULL)
WSK_SAFE_NARROW_(RtlULongToUShort, ULONG, USHORT, 0xffff)
WSK_SAFE_NARROW_(RtlULongToUChar, ULONG, UCHAR, 0xff)
WSK_SAFE_NARROW_(RtlSIZETToULong, SIZE_T, ULONG, 0xffffffffUL)
WSK_SAFE_NARROW_(RtlSIZETToUShort, SIZE_T, USHORT, 0xffff)
WSK_SAFE_NARROW_(RtlULongLongToULong, ULONGLONG, ULONG, 0xffffffffUL)
#define RtlSizeTAdd RtlSIZETAdd
#define RtlSizeTSub RtlSIZETSub
#define RtlSizeTMult RtlSIZETMult
#define RtlSizeTToULong RtlSIZETToULong
#define RtlULongPtrAdd RtlULongLongAdd
#define RtlULongPtrMult RtlULongLongMult
