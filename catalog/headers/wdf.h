/* KMDF, the framework for kernel drivers, as of version 1.33, without DMA, WMI and the companion in user mode. */
#pragma once

#define _WDF_H_

#include <wdm.h>
#include <wdmsec.h>
#include <devpropdef.h>
#include <wdftypes.h>
#include <wdfglobals.h>
#include <wdfstatus.h>
#include <wdfobject.h>
#include <wdfsync.h>
#include <wdfcore.h>
#include <wdfdriver.h>
#include <wdfqueryinterface.h>
#include <wdfmemory.h>
#include <wdfchildlist.h>
#include <wdffileobject.h>
#include <wdfdevice.h>
#include <wdfcollection.h>
#include <wdfdpc.h>
#include <wdftimer.h>
#include <wdfworkitem.h>
#include <wdfinterrupt.h>
#include <wdfresource.h>
#include <wdfrequest.h>
#include <wdfiotarget.h>
#include <wdfio.h>
#include <wdffdo.h>
#include <wdfpdo.h>
#include <wdfcontrol.h>
#include <wdfstring.h>
#include <wdfregistry.h>
#include <wdfbugcodes.h>
#include <wdfroletypes.h>
