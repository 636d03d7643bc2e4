/* See zone.h.
 *
 * GLib takes far more for a zone than a name: offsets, rules, any path. What comes from the network is a name in one of the
 * areas of the world, of a file that is what it should be, or nothing.
 */
#include "schedule/zone.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "/usr/share/zoneinfo"
#define MAGIC "TZif"
#define DAY_SECONDS (24 * 3600)

static const char *const AREAS[] = { "Africa/",    "America/", "Antarctica/", "Arctic/", "Asia/",   "Atlantic/",
                                     "Australia/", "Etc/",     "Europe/",     "Indian/", "Pacific/" };

static gboolean
is_name (const char *name)
{
  if (g_str_equal (name, "UTC"))
    return TRUE;
  if (strlen (name) > CV_ZONE_MAX_BYTES || strspn (name, G_CSET_a_2_z G_CSET_A_2_Z "0123456789/_+-") != strlen (name))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (AREAS); i++)
    if (g_str_has_prefix (name, AREAS[i]))
      return TRUE;
  return FALSE;
}

char *
cv_zone_get_path (const char *name)
{
  return g_build_filename (DIRECTORY, name, NULL);
}

/* GLib would complain of anything else. */
static gboolean
has_data (const char *name)
{
  g_autofree char *path = cv_zone_get_path (name);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  char head[sizeof MAGIC - 1];
  struct stat info;
  gboolean ok;

  if (fd < 0)
    return FALSE;
  ok = fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && read (fd, head, sizeof head) == sizeof head &&
       memcmp (head, MAGIC, sizeof head) == 0;
  g_close (fd, NULL);
  return ok;
}

GTimeZone *
cv_zone_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return is_name (name) && has_data (name) ? g_time_zone_new_identifier (name) : NULL;
}

static gint64
get_offset (GTimeZone *zone, gint64 seconds)
{
  return g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds));
}

gint64
cv_zone_to_utc (GTimeZone *zone, const CvWall *wall)
{
  gint64 local = (gint64) wall->day * DAY_SECONDS + wall->minute * 60;
  /* no zone is a day away from UTC: one is surely before the moment, one after it */
  gint64 before = get_offset (zone, local - DAY_SECONDS), after = get_offset (zone, local + DAY_SECONDS);

  if (get_offset (zone, local - before) != before && get_offset (zone, local - after) == after)
    return (local - after) * 1000;
  return (local - before) * 1000;
}

CvWall
cv_zone_from_utc (GTimeZone *zone, gint64 ms)
{
  gint64 seconds = ms >= 0 ? ms / 1000 : (ms - 999) / 1000;
  gint64 local = seconds + get_offset (zone, seconds);
  gint64 day = local >= 0 ? local / DAY_SECONDS : (local - DAY_SECONDS + 1) / DAY_SECONDS;

  return (CvWall){ .day = (int) day, .minute = (int) ((local - day * DAY_SECONDS) / 60) };
}
