/* What rooms ask of the telephone gateway, as an interface: behind it stands a process (sip-process.h), or whatever a test makes
 * up. What it says, and is told, stands in sip/CONTROL.md.
 *
 * Main thread. Everything that comes out was checked for its form.
 *
 * Signals of CvTelephony; what pointers point to lives for the call:
 *   news (CvSipNews *)   of a call, a trunk, or the process itself; of a call only between its `call` and its `gone`
 *   up ()                cv_telephony_is_up()
 *   down ()              the process is gone, and with it every call; no `gone` comes for those
 */
#pragma once

#include "process/telephony-types.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CV_TYPE_TELEPHONY (cv_telephony_get_type ())
G_DECLARE_INTERFACE (CvTelephony, cv_telephony, CV, TELEPHONY, GObject)

struct _CvTelephonyInterface {
  GTypeInterface parent;
  gboolean (*is_up) (CvTelephony *self);
  /* Takes `message`; what cannot be sent is lost with its process. `fd` -1: none, else a duplicate is sent. */
  void (*send) (CvTelephony *self, JsonBuilder *message, int fd);
};

gboolean cv_telephony_is_up (CvTelephony *self);

/* `room` NULL unless the verdict is ROOM. */
void cv_telephony_pin_result (CvTelephony *self, const char *call, CvSipVerdict verdict, const char *room,
                              guint wait_ms, guint tries);
void cv_telephony_bridge (CvTelephony *self, const char *room, const char *meeting, int fd);
void cv_telephony_unbridge (CvTelephony *self, const char *room);
/* `why`: "waiting-host", "lobby", "consent", "answered". */
void cv_telephony_hold_on (CvTelephony *self, const char *call, const char *why);
void cv_telephony_admit (CvTelephony *self, const char *call, guint32 number, gboolean host, gboolean speaks);
void cv_telephony_say (CvTelephony *self, const char *call, const char *prompt);
void cv_telephony_mute (CvTelephony *self, const char *call, gboolean on, gboolean by_host);
void cv_telephony_stage (CvTelephony *self, const char *call, gboolean speaks);
void cv_telephony_hang_up (CvTelephony *self, const char *call, const char *reason);

G_END_DECLS
