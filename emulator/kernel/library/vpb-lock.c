/* The spin lock that guards the volume parameter blocks of all devices. */
#include <ntifs.h>
#include "ki.h"

static KSPIN_LOCK VpbLock;

VOID IoAcquireVpbSpinLock(PKIRQL Irql) {
  KiCheckCaller(__func__);
  KeAcquireSpinLock(&VpbLock, Irql);
}

VOID IoReleaseVpbSpinLock(KIRQL Irql) {
  KiCheckCaller(__func__);
  KeReleaseSpinLock(&VpbLock, Irql);
}
