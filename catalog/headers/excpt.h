/* Structured exceptions: the lower-case words and what a filter or handler may ask. __try and so on are keywords. */
#pragma once

#define EXCEPTION_NONCONTINUABLE 0x1
#define EXCEPTION_UNWINDING 0x2
#define EXCEPTION_MAXIMUM_PARAMETERS 15

typedef struct _EXCEPTION_RECORD {
  long ExceptionCode;
  unsigned long ExceptionFlags;
  struct _EXCEPTION_RECORD *ExceptionRecord;
  void *ExceptionAddress;
  unsigned long NumberParameters;
  unsigned __int64 ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD;

/* The x64 processor's state. Vector registers are bytes here. */
typedef struct __declspec(align(16)) _CONTEXT {
  unsigned __int64 P1Home, P2Home, P3Home, P4Home, P5Home, P6Home;
  unsigned long ContextFlags, MxCsr;
  unsigned short SegCs, SegDs, SegEs, SegFs, SegGs, SegSs;
  unsigned long EFlags;
  unsigned __int64 Dr0, Dr1, Dr2, Dr3, Dr6, Dr7;
  unsigned __int64 Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi;
  unsigned __int64 R8, R9, R10, R11, R12, R13, R14, R15;
  unsigned __int64 Rip;
  unsigned char FltSave[512];
  unsigned char VectorRegister[416];
  unsigned __int64 VectorControl, DebugControl;
  unsigned __int64 LastBranchToRip, LastBranchFromRip, LastExceptionToRip, LastExceptionFromRip;
} CONTEXT, *PCONTEXT;

typedef struct _EXCEPTION_POINTERS {
  PEXCEPTION_RECORD ExceptionRecord;
  PCONTEXT ContextRecord;
} EXCEPTION_POINTERS, *PEXCEPTION_POINTERS;

typedef enum _EXCEPTION_DISPOSITION {
  ExceptionContinueExecution,
  ExceptionContinueSearch,
  ExceptionNestedException,
  ExceptionCollidedUnwind
} EXCEPTION_DISPOSITION;

#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

#define GetExceptionCode _exception_code
#define exception_code _exception_code
#define GetExceptionInformation() ((struct _EXCEPTION_POINTERS *)_exception_info())
#define exception_info() ((struct _EXCEPTION_POINTERS *)_exception_info())
#define AbnormalTermination _abnormal_termination
#define abnormal_termination _abnormal_termination

#ifndef __cplusplus
#define try __try
#define except __except
#define finally __finally
#define leave __leave
#endif
