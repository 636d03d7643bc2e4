/* Whether this was built with the address sanitizer: it needs system calls, and memory beyond all limits, that nothing else here does. */
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define CV_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CV_SANITIZED 1
#endif
#endif
#ifndef CV_SANITIZED
#define CV_SANITIZED 0
#endif
