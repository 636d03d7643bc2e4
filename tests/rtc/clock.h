/* Time as conclave-rtc counts it: CLOCK_MONOTONIC in nanoseconds, the same in all processes of a machine. */
#pragma once

#include <glib.h>
#include <time.h>

G_BEGIN_DECLS

#define CV_RTC_S G_GUINT64_CONSTANT (1000000000)
#define CV_RTC_MS G_GUINT64_CONSTANT (1000000)

static inline guint64
cv_rtc_timespec_ns (const struct timespec *time)
{
  return (guint64) time->tv_sec * CV_RTC_S + (guint64) time->tv_nsec;
}

static inline guint64
cv_rtc_now (void)
{
  struct timespec time;
  clock_gettime (CLOCK_MONOTONIC, &time);
  return cv_rtc_timespec_ns (&time);
}

/* What to add to CLOCK_REALTIME, with which the kernel stamps packets. */
static inline gint64
cv_rtc_real_to_monotonic (void)
{
  struct timespec real, monotonic;
  clock_gettime (CLOCK_REALTIME, &real);
  clock_gettime (CLOCK_MONOTONIC, &monotonic);
  return (gint64) (cv_rtc_timespec_ns (&monotonic) - cv_rtc_timespec_ns (&real));
}

G_END_DECLS
