/* Cancel-safe queues, as drivers for older systems include them: they are in wdm.h. */
#pragma once
#include <wdm.h>
