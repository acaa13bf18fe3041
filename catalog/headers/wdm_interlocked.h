/* Interlocked operations. The compiler knows them; the emulator runs each as one step that nothing interrupts. */
#pragma once

LONG InterlockedIncrement(_Inout_ _Interlocked_operand_ LONG volatile *Addend);
LONG InterlockedDecrement(_Inout_ _Interlocked_operand_ LONG volatile *Addend);
LONG InterlockedExchange(_Inout_ _Interlocked_operand_ LONG volatile *Target, _In_ LONG Value);
LONG InterlockedExchangeAdd(_Inout_ _Interlocked_operand_ LONG volatile *Addend, _In_ LONG Value);
LONG InterlockedAdd(_Inout_ _Interlocked_operand_ LONG volatile *Addend, _In_ LONG Value);
LONG InterlockedCompareExchange(_Inout_ _Interlocked_operand_ LONG volatile *Destination, _In_ LONG ExChange,
                                _In_ LONG Comperand);
LONG InterlockedAnd(_Inout_ _Interlocked_operand_ LONG volatile *Destination, _In_ LONG Value);
LONG InterlockedOr(_Inout_ _Interlocked_operand_ LONG volatile *Destination, _In_ LONG Value);
LONG InterlockedXor(_Inout_ _Interlocked_operand_ LONG volatile *Destination, _In_ LONG Value);

LONG64 InterlockedIncrement64(_Inout_ _Interlocked_operand_ LONG64 volatile *Addend);
LONG64 InterlockedDecrement64(_Inout_ _Interlocked_operand_ LONG64 volatile *Addend);
LONG64 InterlockedExchange64(_Inout_ _Interlocked_operand_ LONG64 volatile *Target, _In_ LONG64 Value);
LONG64 InterlockedExchangeAdd64(_Inout_ _Interlocked_operand_ LONG64 volatile *Addend, _In_ LONG64 Value);
LONG64 InterlockedAdd64(_Inout_ _Interlocked_operand_ LONG64 volatile *Addend, _In_ LONG64 Value);
LONG64 InterlockedCompareExchange64(_Inout_ _Interlocked_operand_ LONG64 volatile *Destination, _In_ LONG64 ExChange,
                                    _In_ LONG64 Comperand);
LONG64 InterlockedAnd64(_Inout_ _Interlocked_operand_ LONG64 volatile *Destination, _In_ LONG64 Value);
LONG64 InterlockedOr64(_Inout_ _Interlocked_operand_ LONG64 volatile *Destination, _In_ LONG64 Value);
LONG64 InterlockedXor64(_Inout_ _Interlocked_operand_ LONG64 volatile *Destination, _In_ LONG64 Value);

SHORT InterlockedIncrement16(_Inout_ _Interlocked_operand_ SHORT volatile *Addend);
SHORT InterlockedDecrement16(_Inout_ _Interlocked_operand_ SHORT volatile *Addend);
SHORT InterlockedCompareExchange16(_Inout_ _Interlocked_operand_ SHORT volatile *Destination, _In_ SHORT ExChange,
                                   _In_ SHORT Comperand);
SHORT InterlockedExchange16(_Inout_ _Interlocked_operand_ SHORT volatile *Destination, _In_ SHORT Value);
SHORT InterlockedOr16(_Inout_ _Interlocked_operand_ SHORT volatile *Destination, _In_ SHORT Value);
SHORT InterlockedAnd16(_Inout_ _Interlocked_operand_ SHORT volatile *Destination, _In_ SHORT Value);
CHAR InterlockedExchange8(_Inout_ _Interlocked_operand_ CHAR volatile *Target, _In_ CHAR Value);
CHAR InterlockedOr8(_Inout_ _Interlocked_operand_ CHAR volatile *Destination, _In_ CHAR Value);
SHORT InterlockedXor16(_Inout_ _Interlocked_operand_ SHORT volatile *Destination, _In_ SHORT Value);
SHORT InterlockedExchangeAdd16(_Inout_ _Interlocked_operand_ SHORT volatile *Destination, _In_ SHORT Value);
CHAR InterlockedXor8(_Inout_ _Interlocked_operand_ CHAR volatile *Destination, _In_ CHAR Value);
CHAR InterlockedExchangeAdd8(_Inout_ _Interlocked_operand_ CHAR volatile *Destination, _In_ CHAR Value);
BOOLEAN InterlockedCompareExchange128(_Inout_ _Interlocked_operand_ LONG64 volatile *Destination,
                                      _In_ LONG64 ExchangeHigh, _In_ LONG64 ExchangeLow,
                                      _Inout_ LONG64 *ComparandResult);
CHAR InterlockedAnd8(_Inout_ _Interlocked_operand_ CHAR volatile *Destination, _In_ CHAR Value);

PVOID InterlockedExchangePointer(_Inout_ _Interlocked_operand_ PVOID volatile *Target, _In_opt_ PVOID Value);
PVOID InterlockedCompareExchangePointer(_Inout_ _Interlocked_operand_ PVOID volatile *Destination,
                                        _In_opt_ PVOID Exchange, _In_opt_ PVOID Comperand);

BOOLEAN InterlockedBitTestAndSet(_Inout_ _Interlocked_operand_ LONG volatile *Base, _In_ LONG Bit);
BOOLEAN InterlockedBitTestAndReset(_Inout_ _Interlocked_operand_ LONG volatile *Base, _In_ LONG Bit);
BOOLEAN InterlockedBitTestAndComplement(_Inout_ _Interlocked_operand_ LONG volatile *Base, _In_ LONG Bit);
BOOLEAN InterlockedBitTestAndSet64(_Inout_ _Interlocked_operand_ LONG64 volatile *Base, _In_ LONG64 Bit);
BOOLEAN InterlockedBitTestAndReset64(_Inout_ _Interlocked_operand_ LONG64 volatile *Base, _In_ LONG64 Bit);

/* The x64 instructions are full barriers, so the weaker orders are the same operations. */
#define InterlockedIncrementNoFence InterlockedIncrement
#define InterlockedIncrementAcquire InterlockedIncrement
#define InterlockedIncrementRelease InterlockedIncrement
#define InterlockedDecrementNoFence InterlockedDecrement
#define InterlockedDecrementAcquire InterlockedDecrement
#define InterlockedDecrementRelease InterlockedDecrement
#define InterlockedIncrementNoFence64 InterlockedIncrement64
#define InterlockedIncrementAcquire64 InterlockedIncrement64
#define InterlockedIncrementRelease64 InterlockedIncrement64
#define InterlockedDecrementNoFence64 InterlockedDecrement64
#define InterlockedDecrementAcquire64 InterlockedDecrement64
#define InterlockedDecrementRelease64 InterlockedDecrement64
#define InterlockedExchangeNoFence InterlockedExchange
#define InterlockedExchangeAcquire InterlockedExchange
#define InterlockedExchangeNoFence64 InterlockedExchange64
#define InterlockedExchangeAcquire64 InterlockedExchange64
#define InterlockedExchangeAddNoFence InterlockedExchangeAdd
#define InterlockedExchangeAddAcquire InterlockedExchangeAdd
#define InterlockedExchangeAddRelease InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence64 InterlockedExchangeAdd64
#define InterlockedExchangeAddAcquire64 InterlockedExchangeAdd64
#define InterlockedExchangeAddRelease64 InterlockedExchangeAdd64
#define InterlockedExchangeAddSizeT(a, b) InterlockedExchangeAdd64((LONG64 volatile *)(a), (LONG64)(b))
#define InterlockedIncrementSizeT(a) InterlockedIncrement64((LONG64 volatile *)(a))
#define InterlockedDecrementSizeT(a) InterlockedDecrement64((LONG64 volatile *)(a))
#define InterlockedAddNoFence InterlockedAdd
#define InterlockedAddNoFence64 InterlockedAdd64
#define InterlockedCompareExchangeNoFence InterlockedCompareExchange
#define InterlockedCompareExchangeAcquire InterlockedCompareExchange
#define InterlockedCompareExchangeRelease InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence64 InterlockedCompareExchange64
#define InterlockedCompareExchangeAcquire64 InterlockedCompareExchange64
#define InterlockedCompareExchangeRelease64 InterlockedCompareExchange64
#define InterlockedExchangePointerNoFence InterlockedExchangePointer
#define InterlockedExchangePointerAcquire InterlockedExchangePointer
#define InterlockedCompareExchangePointerNoFence InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer
#define InterlockedOrNoFence InterlockedOr
#define InterlockedOrAcquire InterlockedOr
#define InterlockedOrRelease InterlockedOr
#define InterlockedAndNoFence InterlockedAnd
#define InterlockedAndAcquire InterlockedAnd
#define InterlockedAndRelease InterlockedAnd
#define InterlockedXorNoFence InterlockedXor

/* Plain loads and stores that a compiler must neither split nor drop. */
#define WSK_DECLARE_READ_WRITE_(Type, Suffix)                                                                  \
  FORCEINLINE Type Read##Suffix##NoFence(_In_ _Interlocked_operand_ Type const volatile *Source) {             \
    return *Source;                                                                                            \
  }                                                                                                            \
  FORCEINLINE Type Read##Suffix##Acquire(_In_ _Interlocked_operand_ Type const volatile *Source) {             \
    return *Source;                                                                                            \
  }                                                                                                            \
  FORCEINLINE VOID Write##Suffix##NoFence(_Out_ _Interlocked_operand_ Type volatile *Destination, _In_ Type Value) { \
    *Destination = Value;                                                                                      \
  }                                                                                                            \
  FORCEINLINE VOID Write##Suffix##Release(_Out_ _Interlocked_operand_ Type volatile *Destination, _In_ Type Value) { \
    *Destination = Value;                                                                                      \
  }
WSK_DECLARE_READ_WRITE_(LONG, )
WSK_DECLARE_READ_WRITE_(ULONG, ULong)
WSK_DECLARE_READ_WRITE_(LONG64, 64)
WSK_DECLARE_READ_WRITE_(ULONG64, ULong64)
WSK_DECLARE_READ_WRITE_(PVOID, Pointer)
WSK_DECLARE_READ_WRITE_(UCHAR, UChar)
WSK_DECLARE_READ_WRITE_(USHORT, UShort)
WSK_DECLARE_READ_WRITE_(SHORT, 16)
WSK_DECLARE_READ_WRITE_(CHAR, 8)
#define ReadBooleanNoFence(s) ((BOOLEAN)ReadUCharNoFence((UCHAR const volatile *)(s)))
#define ReadBooleanAcquire(s) ((BOOLEAN)ReadUCharAcquire((UCHAR const volatile *)(s)))
#define WriteBooleanNoFence(d, v) WriteUCharNoFence((UCHAR volatile *)(d), (UCHAR)(v))
#define WriteBooleanRelease(d, v) WriteUCharRelease((UCHAR volatile *)(d), (UCHAR)(v))
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI LARGE_INTEGER NTAPI ExInterlockedAddLargeInteger(_Inout_ PLARGE_INTEGER Addend, _In_ LARGE_INTEGER Increment,
                                                             _Inout_ PKSPIN_LOCK Lock);
#define ExInterlockedAddLargeStatistic(Addend, Increment) \
  ((VOID)InterlockedExchangeAdd64(&(Addend)->QuadPart, (LONG64)(ULONG)(Increment)))
_IRQL_requires_max_(HIGH_LEVEL)
NTKERNELAPI ULONG NTAPI ExInterlockedAddUlong(_Inout_ PULONG Addend, _In_ ULONG Increment, _Inout_ PKSPIN_LOCK Lock);
