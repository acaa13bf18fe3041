/* The driver model's header. Its content is in one part for each concept; drivers include only wdm.h or ntddk.h. */
#pragma once
#define _WDMDDK_

#include <ntdef.h>
#include <ntstatus.h>
#include <bugcodes.h>
#include <devioctl.h>
#include <intrin.h>
#include <wdm_base.h>
#include <wdm_interlocked.h>
#include <wdm_lists.h>
#include <wdm_dbg.h>
#include <wdm_dispatcher.h>
#include <wdm_locks.h>
#include <wdm_pool.h>
#include <wdm_mdl.h>
#include <wdm_irp.h>
#include <wdm_irp_codes.h>
#include <wdm_irp_api.h>
#include <wdm_objects.h>
#include <wdm_io.h>
#include <wdm_rtl.h>
#include <wdm_ps.h>
