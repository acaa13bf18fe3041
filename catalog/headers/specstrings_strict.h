/* Annotations (SAL) are words of the C front end itself, so this header has nothing to define. */
#pragma once
