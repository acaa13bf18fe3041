/* See minwindef.h. */
#pragma once
#include <minwindef.h>
